using System.CommandLine;
using Harmony.Gateway.Cli.Dicom.Storing;
using Harmony.Jmix;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Jmix.Security;

namespace Harmony.Gateway.Cli.Jmix;

/// <summary><c>harmony jmix unpack</c> and <c>harmony jmix decrypt</c>: the files of a package in a folder.</summary>
internal static class JmixUnpackCommands
{
    public static Command CreateUnpack()
    {
        var (package, folder) = (Package(), Folder());
        var command = new Command("unpack", "Unpack a package into a new folder. An encrypted payload stays encrypted.") { package, folder };
        command.SetAction((result, ct) => JmixCommand.RunAsync(result.InvocationConfiguration, async () =>
        {
            using var files = await PackageFiles.OpenAsync(result.GetValue(package)!, UnpackLimits.Default, null, ct);
            await CopyAsync(files.Lengths.Keys, files.Open, result.GetValue(folder)!, result.InvocationConfiguration, ct);
            return 0;
        }));
        return command;
    }

    public static Command CreateDecrypt()
    {
        var (package, folder) = (Package(), Folder());
        var key = new Option<string>("--key") { Description = "File with the X25519 private key of the receiver.", Required = true };
        var command = new Command("decrypt", "Unpack the payload of an encrypted package into a new folder.") { package, folder, key };
        command.SetAction((result, ct) => JmixCommand.RunAsync(result.InvocationConfiguration, async () =>
        {
            using var opens = DecryptionKey.Read(JmixCommand.ReadKey(result.GetValue(key)!));
            using var reader = await JmixReader.OpenAsync(result.GetValue(package)!, new JmixReadOptions { Key = opens }, ct);
            if (!reader.Report.IsEncrypted) throw new JmixException(JmixFault.Incomplete, "the package is not encrypted; use harmony jmix unpack");
            if (reader.Payload is null) throw new JmixException(JmixFault.WrongKey, reader.Report.Findings[0].Message);
            await CopyAsync(reader.PayloadNames, reader.OpenPayload, result.GetValue(folder)!, result.InvocationConfiguration, ct);
            return 0;
        }));
        return command;
    }

    private static Argument<string> Package() => new("PACKAGE") { Description = "A package: a zip, a tar.gz, or a folder." };

    private static Argument<string> Folder() => new("FOLDER") { Description = "Folder to create." };

    private static async Task CopyAsync(
        IEnumerable<string> names, Func<string, Stream> open, string folder, InvocationConfiguration console, CancellationToken ct)
    {
        var all = names.Order(StringComparer.Ordinal).ToList();
        await using var sink = new FolderSink(folder);
        await StoreProgress.ShowAsync(console.Error, all.Count, async advance =>
        {
            foreach (var name in all)
            {
                await using var content = open(name);
                await using var copy = await sink.AddAsync(name, (long?)null, ct);
                await content.CopyToAsync(copy, ct);
                advance();
            }
        });
        await sink.CompleteAsync(ct);
        await console.Output.WriteLineAsync($"{folder}: {all.Count} files");
    }
}
