public import ArgumentParser
public import MockIAM

extension MockIAM.RepeatPolicy: ExpressibleByArgument {}
extension MockIAM.Authentication: ExpressibleByArgument {}
extension MockIAM.TLSMode: ExpressibleByArgument {}
