using System.Text.RegularExpressions;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Json;
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

        var json = DicomJsonWriter.ToUtf8(changed, new DicomJsonWriterOptions { BulkDataUri = (where, element) => element.Vr == Vr.OW ? $"bulk/{where}" : null });
        var back = DicomJsonReader.Read(json);
        Assert.True(back.TryGet<DicomBulkValue>(DicomTag.PixelData, out _));

        var tag = DicomTag.Parse("PatientName");
        DicomDictionary.TryGet(tag, out var entry);
        var syntax = TransferSyntax.Of("1.2.840.10008.1.2.4.90");
        var sopClass = Uid.Keyword("1.2.840.10008.5.1.4.1.1.2");
        Assert.Equal((Vr.PN, "JPEG2000Lossless", "CTImageStorage"), (entry.Vr, syntax.Keyword, sopClass));
    }

    [Fact]
    public async Task Examples_AreThoseOfTheReadme()
    {
        var readme = await File.ReadAllTextAsync(RepositoryFolder.PathOf("src", "Harmony.Dicom", "README.md"));
        var source = (await File.ReadAllLinesAsync(RepositoryFolder.PathOf("tests", "Harmony.Dicom.Tests", "ReadmeTests.cs"))).Select(l => l.Trim()).ToHashSet();
        var lines = CodeBlock().Matches(readme).SelectMany(b => b.Groups["code"].Value.Split('\n')).Select(l => Comment().Replace(l, "").Trim()).ToList();
        Assert.True(lines.Count > 20);
        Assert.All(lines, line => Assert.Contains(line, source));
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(" +// .*$")]
    private static partial Regex Comment();
}
