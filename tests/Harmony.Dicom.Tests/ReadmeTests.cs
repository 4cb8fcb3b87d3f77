using System.Net;
using System.Text.RegularExpressions;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Json;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;

namespace Harmony.Dicom.Tests;

/// <summary>The examples of the library's README, which compile and do what their comments say.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-readme-").FullName;
    private readonly StringWriter _printed = new();

    private StringWriter Console => _printed;

    public void Dispose()
    {
        _printed.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Examples_DoWhatTheySay()
    {
        var path = Path.Combine(_folder, "a.dcm");
        var copy = Path.Combine(_folder, "b.dcm");
        await DicomFile.Create(Samples.Everything(), TransferSyntax.ExplicitVRLittleEndian).SaveAsync(path);

        var file = await DicomFile.OpenAsync(path);

        Console.WriteLine(file.TransferSyntax.Keyword);
        Console.WriteLine(file.DataSet.GetString(DicomTag.PatientID));
        Console.WriteLine(file.DataSet.GetPersonName(DicomTag.PatientName)?.IdeographicParts.FamilyName);
        Console.WriteLine(file.DataSet.GetInt32(DicomTag.Rows));

        foreach (var item in file.DataSet.GetItems(DicomTag.AnatomicRegionSequence))
        {
            Console.WriteLine(item.GetString(DicomTag.CodeValue));
        }

        foreach (var warning in file.Warnings) Console.WriteLine(warning);
        Assert.Equal(["ExplicitVRLittleEndian", "P-1", "山田", "512", "39607008"], _printed.ToString().TrimEnd().Split(_printed.NewLine));

        var header = await DicomFile.OpenAsync(path, new DicomReadOptions { StopBefore = DicomTag.PixelData });
        Assert.Equal(DicomTag.PixelData, header.StoppedBefore);

        var changed = file.DataSet.ToBuilder()
            .Set(DicomTag.PatientName, new PersonName("Doe^Jane"))
            .Set(DicomTag.AccessionNumber, "A-17")
            .Remove(DicomTag.PatientAge)
            .Build();
        await DicomFile.Create(changed, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(copy);
        Assert.Equal("A-17", (await DicomFile.OpenAsync(copy)).DataSet.GetString(DicomTag.AccessionNumber));

        var bytes = await DicomWriter.ToBytesAsync(changed, TransferSyntax.ImplicitVRLittleEndian);
        var read = DicomReader.Read(bytes, TransferSyntax.ImplicitVRLittleEndian);
        Assert.Equal("Doe^Jane", read.DataSet.GetString(DicomTag.PatientName));

        var json = DicomJsonWriter.ToUtf8(
            changed, new DicomJsonWriterOptions { BulkDataUri = (where, element) => element.Vr == Vr.OW ? $"bulk/{where}" : null });
        var back = DicomJsonReader.Read(json);
        Assert.True(back.TryGet<DicomBulkValue>(DicomTag.PixelData, out _));

        var tag = DicomTag.Parse("PatientName");
        DicomDictionary.TryGet(tag, out var entry);
        var syntax = TransferSyntax.Of("1.2.840.10008.1.2.4.90");
        var sopClass = Uid.Keyword("1.2.840.10008.5.1.4.1.1.2");
        Assert.Equal((Vr.PN, "JPEG2000Lossless", "CTImageStorage"), (entry.Vr, syntax.Keyword, sopClass));
    }

    [Fact]
    public async Task ExamplesOfTheNetwork_DoWhatTheySay()
    {
        var path = Path.Combine(_folder, "a.dcm");
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "stored")).FullName;
        await DicomFile.Create(Samples.Everything(), TransferSyntax.ImplicitVRLittleEndian).SaveAsync(path);
        var finder = new Network.TestArchive();
        finder.Add(Network.TestServer.Image(1), TransferSyntax.ExplicitVRLittleEndian);

        var options = new AcceptorOptions { Policy = new NegotiationPolicy { CalledAeTitles = new HashSet<string> { "ARCHIVE" } } };
        var acceptor = new DicomAcceptor(options, new DimseHandlers { Store = new FolderStore(folder), Find = finder });
        await using var server = DicomServer.Start(new DicomServerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, port: 0) }, acceptor);
        var port = server.EndPoint.Port;

        var peer = new DicomPeer("127.0.0.1", port, "ARCHIVE", "WORKSTATION");
        await using var association = await new DicomClient().ConnectAsync(peer,
        [
            ContextProposal.For(Uid.VerificationSOPClass),
            ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel),
            new ContextProposal(Uid.CTImageStorage, [TransferSyntax.ExplicitVRLittleEndian]),
        ]);
        await association.EchoAsync();

        var result = await association.StoreAsync(await SopInstance.OpenAsync(path));
        Console.WriteLine(result.Status);

        var query = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientID, "P-1").Set(DicomTag.StudyInstanceUID).Build();
        await foreach (var match in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, query))
        {
            Console.WriteLine(match.GetString(DicomTag.StudyInstanceUID));
        }

        Assert.Equal(["0000 success", "1.2.3"], _printed.ToString().TrimEnd().Split(_printed.NewLine));
        Assert.Equal("P-1", (await DicomFile.OpenAsync(Path.Combine(folder, "1.2.3.4.dcm"))).DataSet.GetString(DicomTag.PatientID));
    }

    [Fact]
    public async Task Examples_AreThoseOfTheReadme()
    {
        var readme = await File.ReadAllTextAsync(RepositoryFolder.PathOf("src", "engines", "Harmony.Dicom", "README.md"));
        var source = (await File.ReadAllLinesAsync(RepositoryFolder.PathOf("tests", "Harmony.Dicom.Tests", "ReadmeTests.cs"))).Select(l => l.Trim())
            .ToHashSet();
        var lines = CodeBlock().Matches(readme).SelectMany(b => b.Groups["code"].Value.Split('\n')).Select(l => Comment().Replace(l, "").Trim()).ToList();
        Assert.True(lines.Count > 20);
        Assert.All(lines, line => Assert.Contains(line, source));
    }

    internal sealed class FolderStore(string folder) : IStoreHandler
    {
        public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
        {
            await using var file = File.Create(Path.Combine(folder, operation.Request.SopInstanceUid + ".dcm"));
            await operation.WritePart10Async(file, ct);
            return DimseStatus.Success;
        }
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(" +// .*$")]
    private static partial Regex Comment();
}
