using System.Buffers;
using System.IO.MemoryMappedFiles;
using Harmony.Core.Storage;
using Microsoft.Win32.SafeHandles;

namespace Harmony.Core.Content.Spooling;

/// <summary>
/// Bytes of one message that were too many to keep in memory. They stand in a temporary file that no other process can open and that is gone
/// when this is disposed, or when the process ends in whatever way.
/// </summary>
/// <remarks>What is read ends at <see cref="Length"/>: a write that failed in the middle has left bytes behind that are no part of the message.</remarks>
internal sealed class SpooledFile : IDisposable
{
    private readonly FileStream _file;
    private readonly BodyBudget _budget;
    private long _length;
    private long _taken;

    private SpooledFile(FileStream file, BodyBudget budget) => (_file, _budget) = (file, budget);

#pragma warning disable MA0055 // the handle closes by itself; its room must come back, too
    ~SpooledFile() => Release();
#pragma warning restore MA0055

    /// <summary>Bytes in it.</summary>
    public long Length => Volatile.Read(ref _length);

    private SafeFileHandle Handle => _file.SafeFileHandle;

    /// <exception cref="Faults.GatewayException">The file cannot be made, such as on a full disk or without file descriptors.</exception>
    public static SpooledFile Create(BodyBudget budget)
    {
        try
        {
            return new SpooledFile(Open(Path.Combine(budget.Folder, $"harmony-{Guid.NewGuid():N}")), budget);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, budget.Folder);
        }
    }

    /// <summary>Adds bytes at the end, all of them or none.</summary>
    /// <exception cref="Faults.GatewayException">The disk, or the room for bodies on it, is full.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (bytes.Length > _taken - _length)
        {
            var more = bytes.Length - (_taken - _length);
            _budget.TakeDisk(more);
            _taken += more;
        }

        try
        {
            await RandomAccess.WriteAsync(Handle, bytes, _length, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, _budget.Folder);
        }

        Volatile.Write(ref _length, _length + bytes.Length);
    }

    /// <summary>Reads at a place; 0 at the end.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken ct)
    {
        var left = Math.Max(0, Length - offset);
        return RandomAccess.ReadAsync(Handle, left < buffer.Length ? buffer[..(int)left] : buffer, offset, ct);
    }

    /// <summary>A stream over it from its beginning. Several may be open, and none outlives it.</summary>
    public Stream OpenRead() => new Reader(this);

    /// <summary>Shows it as memory. No range of that memory may be used after the view is disposed.</summary>
    public MemoryManager<byte> Map() => new View(_file, Length);

    public void Dispose()
    {
        _file.Dispose();
        Release();
        GC.SuppressFinalize(this);
    }

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows()) return new FileStream(path, options);
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path); // a name is needed no longer, and what has none does not outlive a crash
        return file;
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _taken, 0) is > 0 and var taken) _budget.ReturnDisk(taken);
    }

    /// <summary>Reads from the beginning, asynchronously only.</summary>
    private sealed class Reader(SpooledFile file) : AsyncReadStream
    {
        private long _at;

        public override bool CanSeek => true;

        public override long Length => file.Length;

        public override long Position
        {
            get => _at;
            set => _at = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), "a stream begins at 0");
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await file.ReadAsync(buffer, _at, cancellationToken);
            _at += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin)
            => Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _at, _ => Length };
    }

    /// <summary>A file as memory: what is looked at is read by the system, page by page, and need not stay.</summary>
    private sealed unsafe class View : MemoryManager<byte>
    {
        private readonly MemoryMappedFile _mapping;
        private readonly MemoryMappedViewAccessor _view;
        private readonly int _length;
        private byte* _start;

        public View(FileStream file, long length)
        {
            _length = checked((int)length);
            _mapping = MemoryMappedFile.CreateFromFile(file, mapName: null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            _start += _view.PointerOffset;
        }

        public override Span<byte> GetSpan()
            => _start is null ? throw new ObjectDisposedException(nameof(View), "the message has ended") : new Span<byte>(_start, _length);

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return new MemoryHandle(_start + elementIndex);
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
            if (!disposing || _start is null) return;
            _start = null;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _mapping.Dispose();
        }
    }
}
