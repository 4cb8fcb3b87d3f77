using Harmony.Core.Content;
using Harmony.Core.Envelope;

namespace Harmony.Imaging.Middleware.DicomToDicomWeb;

/// <summary>The answer to a search as that of C-FIND. What the server did not send for want of room is said, so that nobody takes part for the whole.</summary>
internal static class SearchResponse
{
    public static void Shape(ResponseEnvelope response)
    {
        if (response.Status is 204 or 404 or 410)
        {
            response.Status = 200;
            response.Headers.Set("content-type", "application/json");
            response.Body.Replace("[]"u8.ToArray());
            return;
        }

        if (response.Status != 200 || !HasMore(response)) return;
        response.Headers.Set("content-type", "application/json");
        response.Headers.Remove("content-length");
        response.Body.Replace(new Around("{\"matches\":"u8.ToArray(), response.Body.OpenStream(), ",\"truncated\":true}"u8.ToArray()), length: null);
    }

    /// <summary>The warning of PS3.18 §8.3.4.4 about results that were left out.</summary>
    private static bool HasMore(ResponseEnvelope response)
        => response.Headers.Combined("warning") is { } warning && warning.Contains("299", StringComparison.Ordinal)
            && warning.Contains("results", StringComparison.OrdinalIgnoreCase)
            && (warning.Contains("exceeded", StringComparison.OrdinalIgnoreCase) || warning.Contains("additional", StringComparison.OrdinalIgnoreCase));
}

/// <summary>A stream with something before and something behind it.</summary>
/// <param name="before">What comes first.</param>
/// <param name="middle">The stream; disposed with this.</param>
/// <param name="after">What comes last.</param>
internal sealed class Around(ReadOnlyMemory<byte> before, Stream middle, ReadOnlyMemory<byte> after) : AsyncReadStream
{
    private ReadOnlyMemory<byte> _now = before;
    private bool _isAfter;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (_now.IsEmpty && !_isAfter)
        {
            var read = await middle.ReadAsync(buffer, cancellationToken);
            if (read > 0) return read;
            (_now, _isAfter) = (after, true);
        }

        var count = Math.Min(buffer.Length, _now.Length);
        _now[..count].CopyTo(buffer);
        _now = _now[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) middle.Dispose();
        base.Dispose(disposing);
    }
}
