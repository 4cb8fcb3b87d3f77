using System.Runtime.ExceptionServices;

namespace Harmony.Core.Content.Spooling;

/// <summary>
/// A stream of which somebody has read the beginning: gives that first, and then what is still to come, so that it passes as if nobody had
/// looked. Holds 64 KiB in memory, the rest of what was read in a temporary file. Read asynchronously only.
/// </summary>
/// <param name="source">The stream; not disposed.</param>
internal sealed class ReadAhead(Stream source) : Stream
{
    private Stream? _fromFile;
    private ReadOnlyMemory<byte> _kept;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The first bytes, where they are too many for memory; null where they are not.</summary>
    public SpooledFile? File { get; private set; }

    /// <summary>What was read last; all of it where there is no file.</summary>
    public ReadOnlyMemory<byte> Kept => _kept;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads on until the end, until there is more than a limit, or until something fails, which the reader of the stream then learns.</summary>
    /// <param name="limit">Most bytes that may be kept.</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <returns>Whether the whole stream was read.</returns>
    public async ValueTask<bool> FillAsync(long limit, CancellationToken ct)
    {
        var buffer = new byte[Spooler.MostInMemory];
        while (true)
        {
            var (count, isEnd) = await FillAsync(buffer, ct);
            _kept = buffer.AsMemory(0, count);
            if (_failure is not null || (File?.Length ?? 0) + count > limit) return false;
            if (isEnd && File is null) return true;
            if (!await TryMoveToFileAsync(ct)) return false;
            if (isEnd) return true;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (File is not null && await (_fromFile ??= File.OpenRead()).ReadAsync(buffer, cancellationToken) is > 0 and var read) return read;
        if (!_kept.IsEmpty)
        {
            var count = Math.Min(buffer.Length, _kept.Length);
            _kept[..count].CopyTo(buffer);
            _kept = _kept[count..];
            return count;
        }

        _failure?.Throw();
        return await source.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<(int Count, bool IsEnd)> FillAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var count = 0;
        try
        {
            while (count < buffer.Length)
            {
                if (await source.ReadAsync(buffer[count..], ct) is > 0 and var read) count += read;
                else return (count, true);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        return (count, false);
    }

    /// <summary>False when the disk does not take them: then they stay in memory.</summary>
    private async ValueTask<bool> TryMoveToFileAsync(CancellationToken ct)
    {
        try
        {
            File ??= SpooledFile.Create();
            await File.AppendAsync(_kept, ct);
            _kept = default;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
