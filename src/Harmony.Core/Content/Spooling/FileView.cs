using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Harmony.Core.Content.Spooling;

/// <summary>A file as memory: what is looked at is read by the system, page by page, and need not stay.</summary>
internal sealed unsafe class FileView : MemoryManager<byte>
{
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _length;

    /// <param name="file">The file; stays open.</param>
    /// <param name="length">Bytes of it, at most 2 GiB.</param>
    public FileView(FileStream file, long length)
    {
        _length = checked((int)length);
        _mapping = MemoryMappedFile.CreateFromFile(file, mapName: null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    public override Span<byte> GetSpan() => new(_start, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapping.Dispose();
    }
}
