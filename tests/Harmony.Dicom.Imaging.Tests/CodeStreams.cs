using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Imaging.Tests;

/// <summary>Objects whose compressed frame is changed on purpose.</summary>
internal static class CodeStreams
{
    /// <summary>The bytes of the only frame.</summary>
    public static byte[] Of(DicomDataSet set)
    {
        Assert.True(set.TryGet<DicomFragments>(DicomTag.PixelData, out var fragments));
        return [.. fragments.Fragments.SelectMany(f => f.TryGetMemory(out var bytes) ? bytes.ToArray() : [])];
    }

    /// <summary>The same object with another frame.</summary>
    public static DicomDataSet Changed(DicomDataSet set, Func<byte[], byte[]> change)
        => set.ToBuilder().Set(new DicomFragments(DicomTag.PixelData, Vr.OB, [], [new MemoryBulkData(change(Of(set)))])).Build();

    /// <summary>An object that a program has compressed.</summary>
    public static async Task<(DicomDataSet DataSet, TransferSyntax Syntax)> MakeAsync(Picture picture, string recipe)
    {
        using var folder = new TestFolder();
        var words = recipe.Split(' ');
        (await DcmtkPeer.RunAsync(words[0], [.. words[1..], await picture.SaveAsync(folder.PathOf("a.dcm")), folder.PathOf("b.dcm")])).Succeeded();
        var file = DicomFile.Read(await File.ReadAllBytesAsync(folder.PathOf("b.dcm")));
        return (file.DataSet, file.TransferSyntax);
    }
}
