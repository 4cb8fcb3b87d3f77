using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>One formatted entry in UTF-8, in a rented buffer. Its last owner disposes it, once.</summary>
internal sealed class LogLine(LogLevel level) : IBufferWriter<byte>, IDisposable
{
    private const int InitialSize = 512;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);

    /// <summary>The level of the entry, for outputs that paint it.</summary>
    public LogLevel Level { get; } = level;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until disposal.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>Forgets what was written.</summary>
    public void Clear() => Length = 0;

    /// <summary>Adds bytes as they are.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(GetSpan(utf8.Length));
        Length += utf8.Length;
    }

    /// <summary>Adds text as it is; text from outside goes through <see cref="LogEscaping"/> instead.</summary>
    public void Append(ReadOnlySpan<char> text)
        => Length += Encoding.UTF8.GetBytes(text, GetSpan(Encoding.UTF8.GetByteCount(text)));

    /// <summary>Adds a number or time.</summary>
    public void Append<T>(T value, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        int written;
        for (var room = 32; !value.TryFormat(GetSpan(room), out written, format, null); room *= 2)
        {
        }

        Length += written;
    }

    /// <inheritdoc/>
    public void Advance(int count) => Length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        Length = 0;
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Reserve(int size)
    {
        var needed = checked(Length + Math.Max(size, 1));
        if (needed <= _buffer.Length) return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
