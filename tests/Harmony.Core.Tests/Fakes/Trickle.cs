namespace Harmony.Core.Tests.Fakes;

/// <summary>A sender that gives a few bytes at a time, and may break off at its end.</summary>
internal sealed class Trickle(byte[] bytes, bool fails = false) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (fails && Position == Length) throw new IOException("gone");
        return base.ReadAsync(buffer[..Math.Min(buffer.Length, 1000)], cancellationToken);
    }
}
