using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Harmony.Jmix;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Security;
using Harmony.Testing;

namespace Harmony.Packages.Tests.JmixBuilder;

/// <summary>Hostile uploads: each is refused with a code of its own, and leaves nothing, neither in the store nor outside.</summary>
public sealed class HostileUploadTests
{
    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("payload/../../evil.txt")]
    [InlineData("/tmp/evil.txt")]
    [InlineData("C:\\evil.txt")]
    [InlineData("..\\evil.txt")]
    [InlineData("payload/files/NUL")]
    [InlineData("payload/files/com1.txt")]
    public Task Name_ThatIsUnsafe(string name) => AssertRefusedAsync(Zip((name, "x"u8.ToArray(), 0)), "application/zip", 400, "unsafe-name");

    [Theory]
    [InlineData("payload/files/a.txt", "payload/files/a.txt")]
    [InlineData("payload/files/a.txt", "payload/files/A.TXT")]
    public Task Name_ThatOccursTwice(string first, string second)
        => AssertRefusedAsync(Zip((first, "1"u8.ToArray(), 0), (second, "2"u8.ToArray(), 0)), "application/zip", 400, "duplicate-name");

    [Fact]
    public Task Link_InAZip() => AssertRefusedAsync(Zip(("payload/link", "/etc/passwd"u8.ToArray(), unchecked((int)0xA1FF0000))), "application/zip", 400,
        "unsafe-entry");

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    [InlineData(TarEntryType.Fifo)]
    public Task LinkOrDevice_InATar(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "payload/link");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) entry.LinkName = "/etc/passwd";
        return AssertRefusedAsync(TarGz(tar => tar.WriteEntry(entry)), "application/gzip", 400, "unsafe-entry");
    }

    [Fact]
    public Task Bomb_OfZeros() => AssertRefusedAsync(Zip(("payload/files/bomb", new byte[100 << 20], 0)), "application/zip", 413, "too-large");

    /// <summary>No room is made for what an archive only claims.</summary>
    [Fact]
    public async Task Tar_ThatClaimsTenGigabytes()
    {
        using var stream = new MemoryStream();
        await using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        await using (var sink = new TarSink(gzip))
        {
            var content = await sink.AddAsync("payload/files/claim", 10L << 30, default);
            await content.WriteAsync(new byte[1000]);
            await Assert.ThrowsAsync<InvalidDataException>(async () => await content.DisposeAsync());
        }

        await AssertRefusedAsync(stream.ToArray(), "application/gzip", 400, "malformed");
    }

    [Fact]
    public async Task Signature_ThatIsAnothers()
    {
        using var key = SigningKeyPair.Generate();
        var package = await PackageAsync(o => o with { Sender = new JmixEntity("org:a") { SigningKey = key }, ManifestKey = key });
        await AssertRefusedAsync(Changed(package, "manifest.jws", text
            => text[..^8] + (text.EndsWith("AAAAAAAA", StringComparison.Ordinal) ? "BBBBBBBB" : "AAAAAAAA")), "application/zip", 400, "signature-invalid");
    }

    [Fact]
    public async Task Assertion_ThatHasEnded()
    {
        using var key = SigningKeyPair.Generate();
        var package = await PackageAsync(o => o with
        {
            Sender = new JmixEntity("org:a")
            {
                SigningKey = key,
                AssertionExpires = TimeProvider.System.GetUtcNow().AddDays(-1)
            }
        });
        await AssertRefusedAsync(package, "application/zip", 400, "assertion-expired");
    }

    [Fact]
    public async Task Payload_ThatWasTamperedWith()
        => await AssertRefusedAsync(Changed(await PackageAsync(o => o), "payload/dicom/1.2.3.1.dcm", _ => "another object"), "application/zip", 400,
            "payload-hash-mismatch");

    private static async Task AssertRefusedAsync(byte[] bytes, string type, int status, string code)
    {
        await using var jmix = await JmixGateway.StartAsync();
        using var response = await UploadTests.UploadAsync(jmix, bytes, type);
        var said = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, said);
        Assert.Contains(JsonNode.Parse(said)!["findings"]!.AsArray(), f => f!["code"]!.GetValue<string>() == code);
        // Nothing but the index stays; it is made beside the requests, and what was received is deleted when the response has left.
        await Guard.UntilAsync(() => Directory.GetFiles(jmix.Folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName)
            .Where(f => !f!.StartsWith("index.db-", StringComparison.Ordinal)).SequenceEqual(["index.db"]));
    }

    private static byte[] Zip(params (string Name, byte[] Content, int Attributes)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content, attributes) in entries)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
                entry.ExternalAttributes = attributes;
                using var target = entry.Open();
                target.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static byte[] TarGz(Action<TarWriter> write)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip)) write(tar);
        return stream.ToArray();
    }

    private static byte[] Changed(byte[] package, string name, Func<string, string> change)
    {
        using var stream = new MemoryStream();
        stream.Write(package);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            string text;
            using (var reader = new StreamReader(zip.GetEntry(name)!.Open())) text = reader.ReadToEnd();
            zip.GetEntry(name)!.Delete();
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(change(text));
        }

        return stream.ToArray();
    }

    private static async Task<byte[]> PackageAsync(Func<JmixBuildOptions, JmixBuildOptions> with)
    {
        using var stream = new MemoryStream();
        await using (var sink = new ZipSink(stream, CompressionLevel.Fastest))
        await using (var builder = new JmixPackageBuilder(sink, with(new JmixBuildOptions(new JmixEntity("org:a"), [new JmixEntity("org:b")]))))
        {
            await builder.AddDicomAsync(new DicomAttributes("1.2.3.1", "1.2.3", "1.2.3.9") { PatientId = "P" }, new MemoryStream("object"u8.ToArray()), 6,
                default);
            await builder.CompleteAsync(default);
        }

        return stream.ToArray();
    }
}
