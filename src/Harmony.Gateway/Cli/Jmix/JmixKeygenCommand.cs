using System.CommandLine;
using Harmony.Jmix.Security;

namespace Harmony.Gateway.Cli.Jmix;

/// <summary><c>harmony jmix keygen</c>: makes a key pair in two files.</summary>
internal static class JmixKeygenCommand
{
    public static Command Create()
    {
        var kind = new Argument<string>("KIND") { Description = "encryption (X25519, for receivers) or signing (Ed25519, for senders)." };
        kind.AcceptOnlyFromAmong("encryption", "signing");
        var name = new Argument<string>("NAME") { Description = "NAME.key becomes the private key, readable by its owner alone, NAME.pub the public key." };
        var command = new Command("keygen", "Make a key pair for packages.") { kind, name };
        command.SetAction((result, ct) => JmixCommand.RunAsync(result.InvocationConfiguration, async () =>
        {
            var (secret, open) = Make(result.GetValue(kind)!);
            var path = result.GetValue(name)!;
            await WriteAsync(path + ".key", secret, isSecret: true, ct);
            await WriteAsync(path + ".pub", open, isSecret: false, ct);
            await result.InvocationConfiguration.Output.WriteLineAsync($"{path}.key and {path}.pub, {SigningKeyPair.Fingerprint(open)}");
            return 0;
        }));
        return command;
    }

    private static (byte[] Secret, byte[] Open) Make(string kind)
    {
        if (kind == "signing")
        {
            using var signing = SigningKeyPair.Generate();
            return (signing.ExportPrivateKey(), signing.PublicKey);
        }

        using var encryption = DecryptionKey.Generate();
        return (encryption.ExportPrivateKey(), encryption.PublicKey);
    }

    private static async Task WriteAsync(string path, byte[] key, bool isSecret, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (isSecret && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(path, options);
        await file.WriteLineAsync(Convert.ToBase64String(key).AsMemory(), ct);
    }
}
