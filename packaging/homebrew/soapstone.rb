# Not tried yet: see packaging/README.md.
class Soapstone < Formula
  desc "Checks SOAP chart notes for what a payer would deny"
  homepage "https://soapstone.example"
  version "0.1.0"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "https://soapstone.example/releases/v0.1.0/soapstone-0.1.0-darwin-arm64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000000"
    end
    on_intel do
      url "https://soapstone.example/releases/v0.1.0/soapstone-0.1.0-darwin-x64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000000"
    end
  end
  on_linux do
    on_arm do
      url "https://soapstone.example/releases/v0.1.0/soapstone-0.1.0-linux-arm64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000000"
    end
    on_intel do
      url "https://soapstone.example/releases/v0.1.0/soapstone-0.1.0-linux-x64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000000"
    end
  end

  def install
    bin.install "soapstone"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/soapstone.bash" => "soapstone"
    zsh_completion.install "completions/_soapstone"
    fish_completion.install "completions/soapstone.fish"
  end

  test do
    (testpath/"visit.soap").write "visit: 2026-11-20\n97140 lumbar 10:35-10:10\n"
    assert_match "inverted-range", shell_output("#{bin}/soapstone check visit.soap", 1)
  end
end
