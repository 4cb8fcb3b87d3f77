using Harmony.Dicom.Data;

namespace Harmony.Dicom.Web.Objects;

/// <summary>Tells frames apart that have no offset table, by how a compressed image begins.</summary>
internal static class FrameStarts
{
    /// <returns>Null where the fragments do not tell.</returns>
    public static async ValueTask<IReadOnlyList<Range>?> FindAsync(DicomFragments fragments, int count, CancellationToken ct)
    {
        var starts = new List<int>();
        for (var i = 0; i < fragments.Fragments.Count; i++)
        {
            if (await IsStartAsync(fragments.Fragments[i], ct)) starts.Add(i);
        }

        if (starts.Count != count || starts is not [0, ..]) return null;
        return [.. starts.Select((start, i) => new Range(start, i + 1 < starts.Count ? starts[i + 1] : fragments.Fragments.Count))];
    }

    /// <summary>The start of image of JPEG and JPEG-LS (ISO 10918-1 §B.1.1.3), and the start of codestream of JPEG 2000 (ISO 15444-1 §A.4.1).</summary>
    private static async ValueTask<bool> IsStartAsync(BulkData fragment, CancellationToken ct)
    {
        var bytes = new byte[4];
        await using var stream = await fragment.OpenAsync(ct);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return read == bytes.Length && bytes is [0xFF, 0xD8, 0xFF, _] or [0xFF, 0x4F, 0xFF, 0x51];
    }
}
