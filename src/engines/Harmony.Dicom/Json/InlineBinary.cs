using Harmony.Dicom.Data;

namespace Harmony.Dicom.Json;

/// <summary>The bytes that stand inline in JSON and XML, words in little endian order.</summary>
internal static class InlineBinary
{
    /// <exception cref="InvalidOperationException">They are not in memory, or are fragments.</exception>
    public static ReadOnlySpan<byte> Of(DicomElement element)
    {
        switch (element)
        {
            case DicomValue value:
                return value.Bytes.Span;
            case DicomBulkValue { Data: var data } when !data.IsBigEndian && data.TryGetMemory(out var memory):
                return memory.Span;
            default:
                throw new InvalidOperationException(element is DicomFragments
                    ? $"{element} is compressed, for which there is no inline form: give a URI for it"
                    : $"{element} is not in memory: give a URI for it, or read the file with a BulkThreshold that takes it in");
        }
    }
}
