import CanonicalJSON

/// `VERIFY.md`: how to check a bundle with what every system has, without KeyWitness. A test runs the commands.
enum VerifyPage {
    static func write(_ assessment: Assessment, _ packaging: Packaging, to output: inout OutputBuffer) {
        let window = assessment.snapshot.windowByAWSClock
        output.append(
            """
            # How to check this bundle

            Access keys of AWS account \(assessment.snapshot.account.id), judged as of \(assessment.asOf.iso8601) by the policy in
            `policy.json`. AWS was asked from \(window.lowerBound.iso8601) to \(window.upperBound.iso8601). Run these in this folder: each says so
            and ends with 0 if all is well.

            Every file is as it was written (`shasum -a 256 -c SHA256SUMS` where there is no `sha256sum`):

                sha256sum --strict -c SHA256SUMS

            There is no other file, and none is missing, which `sha256sum` doesn't look at; nor is any of them a link, whose target
            may change afterwards:

                test "$(find . ! -type d ! -path ./SHA256SUMS ! -path ./SHA256SUMS.sig ! -path ./SHA256SUMS.tsr | sed 's,^./,,' | LC_ALL=C sort)" = "$(cut -c67- SHA256SUMS)" && test -z "$(find . ! -type d ! -type f)" && echo ok

            The first recorded answer of AWS is what its own digest says (for the fifth, write `sed -n 5p` for `head -n 1`):

                jq -c 'select(._sha256)' raw/exchanges.jsonl | head -n 1 | { answer=$(cat); test "$(printf %s "$answer" | jq -j .response.content.text | sha256sum | cut -c-64)" = "$(printf %s "$answer" | jq -r ._sha256)" && echo ok; }

            What the scan found, and whether it saw everything it had to (`true` at the end, or it proves nothing about what is
            missing):

                jq -e '.overall_status, .completeness, .complete' manifest.json

            The run before this one, if there is one and it lies beside this one, is what this one says it was:

                run=$(jq -r '.previous.run // empty' manifest.json); if test -z "$run"; then echo "this is the first run"; elif test ! -e "../$run"; then echo "$run is not here: ask for it"; else test "$(sha256sum "../$run/SHA256SUMS" | cut -c-64)" = "$(jq -r .previous.sha256 manifest.json)" && echo ok; fi


            """)
        if let key = packaging.signingKey { writeSignature(key, to: &output) }
        if packaging.timestampAuthority != nil { writeTimestamp(to: &output) }
        output.append(
            """
            With KeyWitness, and without AWS: the documents follow from the facts, and the facts from the recorded answers.

                keywitness verify --recompute .

            None of this tells whether somebody made the whole bundle anew\(packaging.signingKey == nil ? "" : " who has the key"). Keep the digest of `SHA256SUMS` elsewhere, and compare:

                sha256sum SHA256SUMS

            """)
    }

    private static func writeSignature(_ key: SigningKeyName, to output: inout OutputBuffer) {
        let options = "-n \(KeyWitnessTool.signatureNamespace) -s \(BundleMember.signature)"
        output.append(
            """
            The checksums, and so everything, are signed. By which key: it should be \(key.fingerprint).

                ssh-keygen -Y check-novalidate \(options) < SHA256SUMS

            Whose key that is, no bundle can tell: get the signer's public key another way, put it into a file ALLOWED_SIGNERS as
            `ID namespaces="\(KeyWitnessTool.signatureNamespace)" \(key.type) AAAA…`, and

                ssh-keygen -Y verify -f ALLOWED_SIGNERS -I ID \(options) < SHA256SUMS


            """)
    }

    private static func writeTimestamp(to output: inout OutputBuffer) {
        output.append(
            """
            When it was there at the latest, by the word of a time-stamping authority whose certificates are in AUTHORITY.pem:

                openssl ts -verify -data SHA256SUMS -in \(BundleMember.timestamp) -CAfile AUTHORITY.pem


            """)
    }
}
