using Microsoft.Win32.SafeHandles;

namespace Harmony.Core.Content.Spooling;

/// <summary>
/// Bytes of one message that were too many to keep in memory. They stand in a temporary file that nobody else can open and that is gone
/// when this is disposed, or when the process ends in whatever way.
/// </summary>
internal sealed class SpooledFile : IDisposable
{
    private readonly FileStream _file;

    private SpooledFile(FileStream file) => _file = file;

    /// <summary>Bytes in it.</summary>
    public long Length { get; private set; }

    private SafeFileHandle Handle => _file.SafeFileHandle;

    /// <exception cref="IOException">The file cannot be made.</exception>
    public static SpooledFile Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"harmony-{Guid.NewGuid():N}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows()) return new SpooledFile(new FileStream(path, options));
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path); // a name is needed no longer, and what has none does not outlive a crash
        return new SpooledFile(file);
    }

    /// <summary>Adds bytes at the end.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await RandomAccess.WriteAsync(Handle, bytes, Length, ct);
        Length += bytes.Length;
    }

    /// <summary>Reads at a place; 0 at the end.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken ct) => RandomAccess.ReadAsync(Handle, buffer, offset, ct);

    /// <summary>A stream over it from its beginning. Several may be open, and none outlives it.</summary>
    public Stream OpenRead() => new SpooledStream(this);

    /// <summary>Shows it as memory while it is parsed. No range of that memory may be used after the view is disposed.</summary>
    public FileView Map() => new(_file, Length);

    public void Dispose() => _file.Dispose();
}
