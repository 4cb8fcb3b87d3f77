using System.CommandLine;
using Harmony.Jmix;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Jmix.Security;

namespace Harmony.Gateway.Cli.Jmix;

/// <summary><c>harmony jmix sign</c>: signs the manifest of a package into a new package.</summary>
internal static class JmixSignCommand
{
    public static Command Create()
    {
        var package = new Argument<string>("PACKAGE") { Description = "A package: a zip, a tar.gz, or a folder." };
        var key = new Option<string>("--key") { Description = "File with the Ed25519 private key of the sender.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The signed package: NAME.zip, NAME.tar.gz, or a folder.", Required = true };
        var command = new Command("sign", "Sign the manifest of a package into a new package.") { package, key, output };
        command.SetAction((result, ct) => JmixCommand.RunAsync(result.InvocationConfiguration, async () =>
        {
            using var signer = SigningKeyPair.Read(JmixCommand.ReadKey(result.GetValue(key)!));
            using var files = await PackageFiles.OpenAsync(result.GetValue(package)!, UnpackLimits.Default, null, ct);
            var target = result.GetValue(output)!;
            var sink = JmixCommand.Sink(target, stores: false, out var file);
            try
            {
                await using (sink)
                await using (file) await JmixSigner.SignAsync(files, sink, signer, ct);
            }
            catch when (file is not null)
            {
                File.Delete(target);
                throw;
            }

            await result.InvocationConfiguration.Output.WriteLineAsync($"{target}: signed by {SigningKeyPair.Fingerprint(signer.PublicKey)}");
            return 0;
        }));
        return command;
    }
}
