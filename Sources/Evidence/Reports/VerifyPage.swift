import CanonicalJSON

/// `VERIFY.md`: how to check a bundle with what every system has, without KeyWitness. A test runs the commands.
enum VerifyPage {
    static func write(_ assessment: Assessment, to output: inout OutputBuffer) {
        output.append(
            """
            # How to check this bundle

            Access keys of AWS account \(assessment.snapshot.account.id), judged as of \(assessment.asOf.iso8601) by the policy in
            `policy.json`. Run these in this folder; each says so, and ends with 0, if all is well.

            Every file is as it was written (`shasum -a 256 -c SHA256SUMS` where there is no `sha256sum`):

                sha256sum --strict -c SHA256SUMS

            There is no other file, and none is missing, which `sha256sum` doesn't look at:

                test "$(find . ! -type d ! -name SHA256SUMS | sed 's,^./,,' | LC_ALL=C sort)" = "$(cut -c67- SHA256SUMS)"

            The first recorded answer of AWS is what its own digest says; any other number will do:

                test "$(jq -j 'select(._seq == 1) | .response.content.text' raw/exchanges.jsonl | sha256sum | cut -c-64)" = "$(jq -r 'select(._seq == 1) | ._sha256' raw/exchanges.jsonl)"

            Whether the scan saw everything it had to, and what it found:

                jq '.complete, .overall_status, .completeness' manifest.json

            With KeyWitness, and without AWS: the documents follow from the facts, and the facts from the recorded answers.

                keywitness verify --recompute .

            None of this tells whether somebody made the whole bundle anew. Keep the digest of `SHA256SUMS` elsewhere, and compare:

                sha256sum SHA256SUMS

            """)
    }
}
