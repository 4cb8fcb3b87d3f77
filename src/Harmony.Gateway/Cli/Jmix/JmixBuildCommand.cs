using System.CommandLine;
using Harmony.Dicom.Coding;
using Harmony.Gateway.Cli.Dicom.Storing;
using Harmony.Jmix;
using Harmony.Jmix.Model;
using Harmony.Jmix.Security;
using Harmony.Packages.JmixBuilder;

namespace Harmony.Gateway.Cli.Jmix;

/// <summary><c>harmony jmix build</c>: makes a package of DICOM files and others.</summary>
internal static class JmixBuildCommand
{
    public static Command Create()
    {
        var sources = new Argument<string[]>("PATH")
        {
            Description = "Files and folders. DICOM files become objects of the package; other files are added beside them.", Arity = ArgumentArity.OneOrMore
        };
        var output = new Option<string>("--output", "-o") { Description = "The package: NAME.zip, NAME.tar.gz, or a folder.", Required = true };
        var sender = new Option<string>("--sender") { Description = "Identifier of the sender.", DefaultValueFactory = _ => "org:harmony" };
        var receivers = new Option<string[]>("--receiver")
        {
            Description = "Identifier of a receiver. Can be given several times.", DefaultValueFactory = _ => ["org:unknown"]
        };
        var key = new Option<string?>("--encrypt-for") { Description = "File with the X25519 public key of the receiver: the payload is encrypted." };
        var sign = new Option<string?>("--sign-with") { Description = "File with an Ed25519 private key: sender and manifest are signed." };
        var form = new Option<string>("--form")
        {
            Description = "specification, jmix-rs or jmix-php: the form that the receiver reads.", DefaultValueFactory = _ => "specification"
        };
        form.AcceptOnlyFromAmong("specification", "jmix-rs", "jmix-php");
        var store = new Option<bool>("--store") { Description = "Put files into a zip as they are, without compression." };
        var hashing = new Option<bool>("--skip-hashing") { Description = "Leave hashes out." };
        var listing = new Option<bool>("--skip-listing") { Description = "Leave DICOM objects out of files.json." };
        var command = new Command("build", "Make a package of DICOM files and other files.")
        {
            sources, output, sender, receivers, key, sign, form, store, hashing, listing
        };
        command.SetAction((result, ct) => JmixCommand.RunAsync(result.InvocationConfiguration, async () =>
        {
            using var signer = result.GetValue(sign) is { } file ? SigningKeyPair.Read(JmixCommand.ReadKey(file)) : null;
            var options = new JmixBuildOptions(
                new JmixEntity(result.GetValue(sender)!) { SigningKey = signer }, [.. result.GetValue(receivers)!.Select(r => new JmixEntity(r))])
            {
                ManifestKey = signer,
                RecipientKey = result.GetValue(key) is { } recipient ? PublicKeyFile.Read(JmixCommand.ReadKey(recipient)) : default(ReadOnlyMemory<byte>),
                Dialect = JmixDialect.Find(result.GetValue(form)!)!,
                SkipHashing = result.GetValue(hashing),
                SkipListing = result.GetValue(listing),
            };
            return await BuildAsync(result.GetValue(sources)!, result.GetValue(output)!, result.GetValue(store), options, result.InvocationConfiguration, ct);
        }));
        return command;
    }

    private static async Task<int> BuildAsync(
        string[] sources, string output, bool stores, JmixBuildOptions options, InvocationConfiguration console, CancellationToken ct)
    {
        var files = sources.SelectMany(Files).ToList();
        if (files.Count == 0) throw new JmixException(JmixFault.Incomplete, "the named folders contain no files");
        var sink = JmixCommand.Sink(output, stores, out var file);
        JmixPackageInfo? info = null;
        try
        {
            await using (sink)
            await using (file)
            await using (var builder = new JmixPackageBuilder(sink, options))
            {
                await StoreProgress.ShowAsync(console.Error, files.Count, async advance =>
                {
                    foreach (var (path, name) in files)
                    {
                        await AddAsync(builder, path, name, ct);
                        advance();
                    }

                    info = await builder.CompleteAsync(ct);
                });
            }
        }
        catch when (file is not null)
        {
            File.Delete(output);
            throw;
        }

        await console.Output.WriteLineAsync($"{output}: {info!.Objects} objects, {files.Count - info.Objects} other files, id {info.Id}");
        return 0;
    }

    private static async Task AddAsync(JmixPackageBuilder builder, string path, string name, CancellationToken ct)
    {
        await using var content =
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (await AttributesAsync(path, ct) is { } attributes) await builder.AddDicomAsync(attributes, content, content.Length, ct);
        else await builder.AddFileAsync(name, content, content.Length, ct);
    }

    private static async Task<DicomAttributes?> AttributesAsync(string path, CancellationToken ct)
    {
        try
        {
            return await DicomFiles.AttributesAsync(path, ct) is { SopInstanceUid.Length: > 0 } attributes ? attributes : null;
        }
        catch (DicomFormatException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Path, string Name)> Files(string source)
    {
        if (!Directory.Exists(source)) return [(source, Path.GetFileName(source))];
        return Directory.EnumerateFiles(
            source, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint })
            .Order(StringComparer.Ordinal).Select(f => (f, Path.GetRelativePath(source, f).Replace(Path.DirectorySeparatorChar, '/')));
    }
}
