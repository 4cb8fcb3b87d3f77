using Harmony.Jmix.Reading;
using Harmony.Jmix.Security;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Jmix.Tests;

/// <summary>Packages in the forms of the three public implementations, written by Node, are read, verified and named.</summary>
public sealed class OtherMakersTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly DecryptionKey _key = DecryptionKey.Generate();

    [PeerTheory("node")]
    [InlineData("jmix-rs", PayloadHashForm.Contents)]
    [InlineData("jmix-php", PayloadHashForm.Listing)]
    [InlineData("jmix-js", PayloadHashForm.Contents)]
    public async Task PlainPackage_OfAnotherMaker_IsReadAndNamed(string maker, PayloadHashForm form)
    {
        using var reader = await ReadAsync(maker, "plain");

        Assert.Equal(maker, reader.Report.Maker);
        Assert.Equal(form, reader.Report.PayloadHash);
        Assert.Equal("1.2.3", reader.Report.StudyInstanceUid);
        Assert.Equal(2, reader.Report.DicomFiles);
        Assert.DoesNotContain(reader.Report.Findings, f => f.Severity == FindingSeverity.Error);
    }

    [PeerTheory("node")]
    [InlineData("jmix-rs", "payload.enc", "JMIX-AES256-GCM", "./", PayloadHashForm.PlainArchive)]
    [InlineData("jmix-php", "payload.encrypted", "JMIX-payload-encryption", "", PayloadHashForm.Ciphertext)]
    [InlineData("jmix-js", "payload.encrypted", "JMIX-Payload-Encryption", "payload/", PayloadHashForm.Contents)]
    public async Task EncryptedPackage_OfAnotherMaker_IsOpenedVerifiedAndNamed(string maker, string ciphertext, string info, string root, PayloadHashForm form)
    {
        using var reader = await ReadAsync(maker, "encrypted");

        Assert.Equal((maker, ciphertext, info, root), (reader.Report.Maker, reader.Report.CiphertextName, reader.Report.HkdfInfo, reader.Report.TarRoot));
        Assert.Equal(form, reader.Report.PayloadHash);
        Assert.Equal(2, reader.Report.DicomFiles);
        Assert.DoesNotContain(reader.Report.Findings, f => f.Severity == FindingSeverity.Error);
        await using var file = reader.OpenPayload("dicom/1.2.3.2.dcm");
        Assert.Equal(70132, file.Length);
    }

    [PeerFact("node")]
    public async Task Signatures_OfJmixRs_AreVerified()
    {
        using var reader = await ReadAsync("jmix-rs", "plain");

        Assert.Equal(ManifestSignatureOutcome.Valid, reader.Report.ManifestSignature);
        Assert.Equal(AssertionOutcome.Valid, Assert.Single(reader.Report.Assertions).Outcome);
        Assert.Contains(reader.Report.Findings, f => f.Code == "assertion-without-payload");
    }

    [PeerFact("node")]
    public async Task Signatures_OfJmixPhp_AreSaidToProveNothingAboutThePayload()
    {
        using var reader = await ReadAsync("jmix-php", "plain");

        Assert.Equal(ManifestSignatureOutcome.ValidWithoutPayload, reader.Report.ManifestSignature);
        Assert.Equal(AssertionOutcome.ValidButEmpty, Assert.Single(reader.Report.Assertions).Outcome);
        Assert.Contains(reader.Report.Findings, f => f.Code == "assertion-empty");
        Assert.Contains(reader.Report.Findings, f => f.Code == "signature-without-payload");
    }

    [PeerFact("node")]
    public async Task PatientInManifest_OfJmixJs_IsTold()
    {
        using var reader = await ReadAsync("jmix-js", "plain");

        Assert.Contains(reader.Report.Findings, f => f.Code == "patient-in-manifest");
        Assert.Contains(reader.Report.Findings, f => f.Code == "manifest-not-schema");
    }

    [PeerTheory("node")]
    [InlineData("jmix-rs")]
    [InlineData("jmix-php")]
    [InlineData("jmix-js")]
    public async Task EncryptedPackage_WithTheKeyOfSomebodyElse_StaysClosed(string maker)
    {
        await Node.RunAsync("write", maker, "encrypted", _folder.Path, Convert.ToBase64String(_key.PublicKey));
        using var other = DecryptionKey.Generate();
        using var reader = await JmixReader.OpenAsync(_folder.Path, new JmixReadOptions { Key = other }, default);

        Assert.Contains(reader.Report.Findings, f => f is { Code: "wrong-key", Severity: FindingSeverity.Error });
        Assert.Null(reader.Payload);
    }

    [PeerTheory("node")]
    [InlineData("jmix-rs")]
    [InlineData("jmix-php")]
    [InlineData("specification")]
    public async Task OurEncryptedPackage_IsOpenedByNode(string dialect)
    {
        var form = JmixDialect.Find(dialect)!;
        var target = _folder.PathOf("ours" + form.FolderSuffix);
        await using (var sink = new Packaging.FolderSink(target))
            await Study.BuildAsync(sink, Study.Options with { RecipientKey = _key.PublicKey, Dialect = form });

        var names = await Node.RunAsync("open", target, Convert.ToBase64String(_key.ExportPrivateKey()), form.HkdfInfo);

        Assert.Equal(
            ["dicom/1.2.3.1.dcm", "dicom/1.2.3.2.dcm", "dicom/1.2.3.3.dcm", "files.json", "files/report-2.pdf", "files/report.pdf", "metadata.json"],
            names.Select(n => n.Split(' ')[0]));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Study.Content(2))), names[1].Split(' ')[1]);
    }

    [PeerFact("node")]
    public async Task OurSignaturesAndHash_AreVerifiedByNode()
    {
        using var signer = SigningKeyPair.Generate();
        var target = _folder.PathOf("ours.JMIX");
        await using (var sink = new Packaging.FolderSink(target))
            await Study.BuildAsync(sink, Study.Options with { Sender = Study.Sender with { SigningKey = signer }, ManifestKey = signer });

        Assert.Equal(["assertion true", "jws true", "hash true"], await Node.RunAsync("verify", target));
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private async Task<JmixReader> ReadAsync(string maker, string form)
    {
        await Node.RunAsync("write", maker, form, _folder.Path, Convert.ToBase64String(_key.PublicKey));
        return await JmixReader.OpenAsync(_folder.Path, new JmixReadOptions { Key = _key }, default);
    }
}
