/// The words that AWS's error messages are made of, and that therefore say nothing about an account.
enum EverydayWords {
    static func contain(_ word: some StringProtocol) -> Bool {
        list.contains(word.lowercased())
    }

    private static let list = Set(
        """
        a about accepted access accessdenied accesskeyid account accounts action actions active after again ago all \
        allow allowed allows already an and another any api are as assume assumed at attached aws be because been \
        before between boundary but by call called caller calls can cannot certificate characters check client clock \
        closed code com complete connect connection console constraint contain contains control correct could count \
        create created credential credentials current currently date delete deleteconflict deleted denied deny \
        detected device disabled does doesn't during each earlier either empty enabled encountered endpoint entities \
        entity error errors exceed exceeded exceeds exist exists expected expired expiredtoken explicit explicitly \
        expression failed failure field file filter find following for format found from generate generated \
        generating generation get given greater group groups has have header id identifier identifiers identity \
        identity-based if in inactive included includes incompletesignature information internal internalfailure \
        invalid invalidclienttokenid invalidinput is isn't it its key keys know known last later least length less \
        limit limitexceeded list login long longer made malformed management marker match matches maximum maxitems \
        maxresults may member message method mfa min minimum missing more most must name names network new next \
        nexttoken no non none nosuchentity not nothing now null number of old older on one only operation operations \
        or organization organizations other out page parameter parameters password path pathprefix pattern peer \
        perform permission permissions please policies policy position present process profile provide provided \
        quota rate reached read received refused regex region regular report reports request requested requests \
        required requires reset resource resource-based resources response retry role rolearn rolename roles root \
        same satisfy scope second seconds secret security sent serial server service service-control servicefailure \
        servicename services serviceunavailable session session-based set should sign signature \
        signaturedoesnotmatch signed signing size some something source specific specified ssh starting state status \
        still string sts supplied support supported syntax tag tags taken task temporary terminated text than that \
        the their there these this throttled throttling time timed timeout timestamp to token too true try type \
        unable unauthorized unavailable unexpected unknown until upper use used user username users using valid \
        validate validation validationerror value values version was we were when which while who will with within \
        without wrong you your zero
        """.split(separator: " ").map(String.init))
}
