using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Harmony.Jmix.Reading;
using Harmony.Jmix.Security;
using Harmony.Jmix.Tests;
using Harmony.JsonSchema.Loading;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Packages.Tests.JmixBuilder;

/// <summary>A study in a real PACS becomes a package that the schemas and programs of others accept, and that is handed out again without the PACS.</summary>
public sealed class OrthancStudyTests : IDisposable
{
    private const int Objects = 5;

    private static readonly Dictionary<string, string> Schemas = new()
    {
        ["manifest.json"] = "manifest", ["audit.json"] = "audit", ["payload/metadata.json"] = "metadata", ["payload/files.json"] = "files",
    };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PeerFact(OrthancPeer.Program, "unzip", "node", Shared = "reference/jmix")]
    public async Task Study_IsAPackageThatOthersVerify_AndSecondRequestReachesNoPacs()
    {
        var orthanc = await OrthancPeer.StartAsync();
        await using var relay = TcpRelay.To(orthanc.DicomPort);
        using var signer = SigningKeyPair.Generate();
        using var receiver = DecryptionKey.Generate();
        await File.WriteAllBytesAsync(_folder.PathOf("signer"), signer.ExportPrivateKey());
        await File.WriteAllBytesAsync(_folder.PathOf("receiver"), receiver.PublicKey);
        await using var signed = await JmixGateway.StartAsync($"sign_with = \"{_folder.PathOf("signer")}\"", other: (relay.Port, orthanc.AeTitle));
        await using var sealing = await JmixGateway.StartAsync($"encrypt_for = \"{_folder.PathOf("receiver")}\"", other: (relay.Port, orthanc.AeTitle));
        byte[] first, encrypted;
        try
        {
            for (var i = 1; i <= Objects; i++) await orthanc.ImportAsync(await TestObjects.WriteAsync(_folder.Path, $"1.2.3.3.{i}", pixels: 20_000));
            first = await signed.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2.3.1");
            encrypted = await sealing.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2.3.1");
        }
        finally
        {
            await orthanc.DisposeAsync();
        }

        var asked = relay.Connections;
        Assert.NotEqual(0, asked);
        Assert.Equal(first, await signed.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2.3.1"));
        Assert.Equal(encrypted, await sealing.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2.3.1"));
        Assert.Equal(asked, relay.Connections);

        await AssertValidAsync(first, "signed");
        await AssertValidAsync(encrypted, "encrypted");
        var hashes = await AssertObjectsAsync(_folder.PathOf("signed/payload/dicom"));
        Assert.Equal(["assertion true", "jws true", "hash true"], await Node.RunAsync("verify", _folder.PathOf("signed")));
        var opened = await Node.RunAsync("open", _folder.PathOf("encrypted"), Convert.ToBase64String(receiver.ExportPrivateKey()));
        Assert.Equal(hashes, opened.Where(l => l.StartsWith("dicom/", StringComparison.Ordinal)));
    }

    /// <summary>Our validator, <c>unzip</c> and the schemas of the specification have nothing against a package; it is unpacked into a folder.</summary>
    private async Task AssertValidAsync(byte[] package, string name)
    {
        var path = _folder.PathOf($"{name}.zip");
        await File.WriteAllBytesAsync(path, package);
        using (var reader = await JmixReader.OpenAsync(path, new JmixReadOptions(), default))
            Assert.DoesNotContain(reader.Report.Findings, f => f.Severity == FindingSeverity.Error);
        var unpacked = await Programs.RunAsync(new ProcessStartInfo(Peers.PathOf("unzip"), ["-q", path, "-d", _folder.PathOf(name)]));
        Assert.True(unpacked.ExitCode == 0, unpacked.Printed);

        var isOpen = Directory.Exists(_folder.PathOf($"{name}/payload"));
        foreach (var (file, schema) in Schemas.Where(s => isOpen || !s.Key.StartsWith("payload/", StringComparison.Ordinal)))
            Assert.Empty(Schema(schema).Check(JsonNode.Parse(await File.ReadAllBytesAsync(_folder.PathOf($"{name}/{file}"))), maxViolations: 10));
    }

    /// <summary>The objects are those that Orthanc was given.</summary>
    /// <returns>Their names and hashes as Node prints them.</returns>
    private async Task<string[]> AssertObjectsAsync(string folder)
    {
        var files = Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(Enumerable.Range(1, Objects).Select(i => $"1.2.3.3.{i}.dcm"), files.Select(Path.GetFileName));
        foreach (var file in files)
            Assert.Equal(await TestObjects.PixelsOfAsync(_folder.PathOf(Path.GetFileName(file))), await TestObjects.PixelsOfAsync(file));
        return [.. files.Select(f => $"dicom/{Path.GetFileName(f)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))}")];
    }

    private static CompiledSchema Schema(string name)
    {
        var path = SharedFolder.PathOf($"reference/jmix/{name}.schema.json");
        var mistakes = new List<SchemaMistake>();
        return CompiledSchema.From([(path, JsonNode.Parse(File.ReadAllBytes(path))!)], assertsFormats: true, mistakes)
            ?? throw new InvalidOperationException(string.Join('\n', mistakes));
    }
}
