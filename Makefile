# make demo    set up, build, and see the main job run on a bundled fixture
# make test    all tests
# make validate  four independent validators on OSCAL documents of every kind; a part of make test
# make release  as a release would be built
# make install  puts that into /usr/local/bin, or PREFIX/bin
# make bench   measure against a boto3 script, and mock-iam against moto
# make profile  where the CPU time of a scan goes; PROFILE="--source auto --users 500" (Linux, with perf)
# make fuzz    look for inputs that break the readers, a minute for each; FUZZ_SECONDS=300 for five
# make format  format the code

# No debugger information: it is a good part of a cold build, and tests name file and line without it. The same flags
# everywhere, so that nothing is built twice.
SWIFT_FLAGS ?= -debug-info-format none
BIN = .build/debug
RELEASE_BIN = .build/release
PREFIX ?= /usr/local

.PHONY: demo test validate build release install bench profile fuzz format format-check dependencies clean

demo: build
	@scripts/demo.sh $(BIN)

build: dependencies
	swift build $(SWIFT_FLAGS)

# Eight tests at a time: all of them at once keep each other waiting for longer than a connection may take.
test: dependencies
	swift build --build-tests $(SWIFT_FLAGS)
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 swift test --skip-build --disable-xctest $(SWIFT_FLAGS)
	scripts/interop.sh $(BIN)

# With a line for each package and validator.
validate: build
	scripts/validate.sh $(BIN)

# As a release would be built: with Swift's own libraries in the program, which saves a tenth of the CPU time, and with types
# that are got by calls instead of by their mangled names, which the runtime takes apart and checks against each of the
# 7,000 conformances in the program: a sixth of a run that reads one user.
RELEASE_FLAGS ?= $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib) \
	-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors

release: dependencies
	swift build -c release $(SWIFT_FLAGS) $(RELEASE_FLAGS)

# By root, as a rule, who has no Swift and should leave no build of its own in the checkout.
install:
	@test -x $(RELEASE_BIN)/keywitness || { echo "There is no release build yet: run make release first." >&2; exit 1; }
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(RELEASE_BIN)/keywitness $(RELEASE_BIN)/mock-iam $(DESTDIR)$(PREFIX)/bin

bench: release
	scripts/bench.sh $(RELEASE_BIN)

profile: release
	python3 -B Benchmarks/profile_collect.py --bin-dir $(RELEASE_BIN) $(PROFILE)

fuzz: dependencies
	SWIFT_FLAGS="$(SWIFT_FLAGS)" scripts/fuzz.sh

format:
	swift format format --in-place --parallel --recursive Package.swift Sources MockIAM Tests Fuzzing Benchmarks evidence-schemas

format-check:
	swift format lint --strict --parallel --recursive Package.swift Sources MockIAM Tests Fuzzing Benchmarks evidence-schemas

dependencies:
	@scripts/install-dependencies.sh

clean:
	rm -rf .build .build-fuzz .venv demo-evidence
