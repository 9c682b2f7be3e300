public import ArgumentParser
public import MockIAM

extension MockIAM.RepeatPolicy: ExpressibleByArgument {}
