using System.Security.Cryptography;

namespace Harmony.Jmix.Packaging;

/// <summary>Writes bytes while another core hashes them: each takes about as long as the other.</summary>
internal static class HashedWriting
{
    /// <summary>The least bytes that another thread hashes: hashing them takes some ten times as long as waking the thread.</summary>
    private const int Least = 32 * 1024;

    /// <summary>Hashes and writes bytes. Both have ended when the call returns or throws.</summary>
    public static async ValueTask WriteAsync(IncrementalHash hash, ReadOnlyMemory<byte> bytes, Stream output, CancellationToken cancellation)
    {
        if (bytes.Length < Least)
        {
            hash.AppendData(bytes.Span);
            await output.WriteAsync(bytes, cancellation);
            return;
        }

        var hashing = Task.Run(() => hash.AppendData(bytes.Span), CancellationToken.None);
        try
        {
            await output.WriteAsync(bytes, cancellation);
        }
        finally
        {
            await hashing; // nobody else may have the buffer while it is read
        }
    }
}
