using Harmony.Dicom.Data;
using Harmony.Dicom.Json;

namespace Harmony.Imaging.Dicom.Requests;

/// <summary>
/// The keys of a query in the character set in which they came. To steps they are JSON, in UTF-8; a system that knows no UTF-8 would find nothing.
/// </summary>
internal static class SentKeys
{
    /// <param name="keys">The keys as steps have left them.</param>
    /// <param name="original">The identifier as it came; null where it came as JSON.</param>
    /// <returns>
    /// The keys, those that are the same as in the original byte for byte; all in UTF-8 if others have text that the set of the original has no codes for.
    /// </returns>
    public static DicomDataSet Of(DicomDataSet keys, DicomDataSet? original)
    {
        if (original is null) return keys;
        var sent = new DicomDataSetBuilder(original.CharacterSet);
        foreach (var key in keys) sent.Set(original.TryGet(key.Tag, out var same) && IsSame(key, same) ? same : key);
        return sent.Build();
    }

    private static bool IsSame(DicomElement key, DicomElement original) => (key, original) switch
    {
        (DicomValue a, DicomValue b) => a.Vr == b.Vr && a.GetText() == b.GetText(),
        (DicomSequence a, DicomSequence b) => Json(a).AsSpan().SequenceEqual(Json(b)),
        _ => false,
    };

    private static byte[] Json(DicomSequence sequence) => DicomJsonWriter.ToUtf8(new DicomDataSetBuilder().Set(sequence).Build());
}
