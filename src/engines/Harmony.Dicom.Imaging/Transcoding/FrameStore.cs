using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Transcoding;

/// <summary>Encoded frames until they are written: in memory while they are few, then in a file that goes with this.</summary>
internal sealed class FrameStore : IDisposable
{
    private const long MaxInMemory = 2 * 1024 * 1024;
    private readonly List<byte[]> _inMemory = [];
    private readonly List<int> _lengths = [];
    private string? _path;
    private FileStream? _file;

    /// <summary>The bytes of all frames.</summary>
    public long Length { get; private set; }

    public async ValueTask AddAsync(byte[] frame, CancellationToken ct)
    {
        if (_file is null && Length + frame.Length > MaxInMemory)
        {
            _path = Path.Combine(Path.GetTempPath(), $"harmony-frames-{Guid.NewGuid():N}.tmp");
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.Asynchronous
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            _file = new FileStream(_path, options);
            foreach (var earlier in _inMemory) await _file.WriteAsync(earlier, ct);
            _inMemory.Clear();
        }

        if (_file is null) _inMemory.Add(frame);
        else await _file.WriteAsync(frame, ct);
        _lengths.Add(frame.Length);
        Length += frame.Length;
    }

    /// <summary>Each frame by itself.</summary>
    public IReadOnlyList<BulkData> Frames()
    {
        _file?.Flush();
        if (_path is null) return [.. _inMemory.Select(f => new MemoryBulkData(f))];
        var at = 0L;
        var frames = new List<BulkData>(_lengths.Count);
        foreach (var length in _lengths)
        {
            frames.Add(new FileBulkData(_path, at, length));
            at += length;
        }

        return frames;
    }

    /// <summary>All frames as one value.</summary>
    public DicomElement Joined(DicomTag tag, Vr vr)
    {
        _file?.Flush();
        if (_path is not null) return new DicomBulkValue(tag, vr, new FileBulkData(_path, 0, Length));
        return new DicomValue(tag, vr, _inMemory.Count == 1 ? _inMemory[0] : _inMemory.SelectMany(f => f).ToArray());
    }

    public void Dispose()
    {
        _file?.Dispose();
        if (_path is not null) File.Delete(_path);
    }
}
