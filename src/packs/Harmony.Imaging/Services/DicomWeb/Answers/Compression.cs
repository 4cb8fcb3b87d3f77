using System.IO.Compression;
using Harmony.Core.Content;
using Harmony.Core.Envelope;

namespace Harmony.Imaging.Services.DicomWeb.Answers;

/// <summary>
/// JSON and XML in gzip or br while they stream, where the client takes it. Pixels are left as they are: what compresses them is their transfer syntax.
/// </summary>
internal static class Compression
{
    private const int WorthIt = 1024;

    public static void Apply(ResponseEnvelope response)
    {
        if (response.Request.Method == "HEAD" || response.Status != 200 || response.Headers["content-encoding"] is not null) return;
        if (response.Headers["content-type"] is not { } type
            || !(type.Contains("json", StringComparison.Ordinal) || type.Contains("xml", StringComparison.Ordinal)))
        {
            return;
        }

        response.Headers.Add("vary", "accept-encoding");
        if (response.Body.IsBuffered && response.Body.BufferedBytes.Length < WorthIt) return;
        if (CodingOf(response.Request.Headers.Combined("accept-encoding")) is not { } coding) return;
        response.Headers.Set("content-encoding", coding);
        if (response.Headers["etag"] is { } tag && !tag.StartsWith("W/", StringComparison.Ordinal)) response.Headers.Set("etag", $"W/{tag}");
        response.Body.Replace(new CompressingStream(response.Body.OpenStream(), coding), length: null);
    }

    private static string? CodingOf(string? accepted)
    {
        if (accepted is null) return null;
        var wanted = accepted.Split(',').Select(c => c.Trim().ToLowerInvariant())
            .Where(c => !c.Contains("q=0", StringComparison.Ordinal) || c.Contains("q=0.", StringComparison.Ordinal)).Select(c => c.Split(';')[0].Trim())
            .ToList();
        return wanted.Contains("gzip") ? "gzip" : wanted.Contains("br") ? "br" : null;
    }

    /// <summary>Compresses as it is read. What has come is passed on when the source pauses.</summary>
    private sealed class CompressingStream : AsyncReadStream
    {
        private readonly Stream _source;
        private readonly MemoryStream _out = new();
        private readonly Stream _coder;
        private readonly byte[] _piece = new byte[32 * 1024];
        private bool _hasEnded;

        public CompressingStream(Stream source, string coding)
        {
            _source = source;
            _coder = coding == "gzip"
                ? new GZipStream(_out, CompressionLevel.Fastest, leaveOpen: true)
                : new BrotliStream(_out, CompressionLevel.Fastest, leaveOpen: true);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty) return 0;
            while (_out.Position == _out.Length)
            {
                if (_hasEnded) return 0;
                _out.SetLength(0);
                var reading = _source.ReadAsync(_piece, cancellationToken);
                if (!reading.IsCompleted) await _coder.FlushAsync(cancellationToken);
                var read = await reading;
                if (read > 0) _coder.Write(_piece, 0, read);
                else await EndAsync();
                _out.Position = 0;
            }

            return _out.Read(buffer.Span);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _coder.Dispose();
                _source.Dispose();
            }

            base.Dispose(disposing);
        }

        private async ValueTask EndAsync()
        {
            _hasEnded = true;
            await _coder.DisposeAsync(); // writes the end
        }
    }
}
