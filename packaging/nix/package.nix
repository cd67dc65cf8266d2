# Not tried yet: see packaging/README.md.
{ lib, rustPlatform, installShellFiles }:

rustPlatform.buildRustPackage {
  pname = "soapstone";
  version = "0.1.0";
  src = lib.cleanSource ../..;
  cargoLock.lockFile = ../../Cargo.lock;
  cargoBuildFlags = [ "--package" "soapstone" ];
  # The tests of editors and of Python need what a sandbox has not.
  doCheck = false;

  nativeBuildInputs = [ installShellFiles ];
  postInstall = ''
    for shell in bash zsh fish; do
      $out/bin/soapstone completions $shell > soapstone.$shell
    done
    installShellCompletion soapstone.{bash,zsh,fish}
  '';

  meta = {
    description = "Checks SOAP chart notes for what a payer would deny";
    homepage = "https://soapstone.example";
    license = with lib.licenses; [ mit asl20 ];
    mainProgram = "soapstone";
  };
}
