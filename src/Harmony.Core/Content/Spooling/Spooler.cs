using System.Buffers;

namespace Harmony.Core.Content.Spooling;

/// <summary>Reads a stream to its end: into memory while it is short, into a temporary file from there on.</summary>
internal static class Spooler
{
    /// <summary>Most bytes that stay in memory.</summary>
    public const int MostInMemory = 64 * 1024;

    /// <summary>The bytes, or the file that holds them; null when there are more than the limit.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">Most bytes that may be kept.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="IOException">The file cannot be made or written, such as on a full disk.</exception>
    public static async ValueTask<(ReadOnlyMemory<byte> Bytes, SpooledFile? File)?> ReadAsync(Stream stream, long limit, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostInMemory + 1);
        SpooledFile? file = null;
        try
        {
            while (true)
            {
                var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
                if ((file?.Length ?? 0) + count > limit) return null;
                if (file is null && count <= MostInMemory) return (buffer.AsSpan(0, count).ToArray(), null);
                file ??= SpooledFile.Create();
                await file.AppendAsync(buffer.AsMemory(0, count), ct);
                if (count == buffer.Length) continue;
                var complete = file;
                file = null;
                return (default, complete);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            file?.Dispose();
        }
    }
}
