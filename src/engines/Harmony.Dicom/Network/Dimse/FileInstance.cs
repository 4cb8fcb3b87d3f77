using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>An object in a file.</summary>
internal sealed class FileInstance : SopInstance
{
    private readonly string _path;
    private readonly long _offset;

    private FileInstance(string path, long offset, Part10Header header)
        : base(header.SopClassUid, header.SopInstanceUid, header.Syntax) => (_path, _offset) = (path, offset);

    public static async ValueTask<FileInstance> FromFileAsync(string path, CancellationToken ct)
    {
        var full = Path.GetFullPath(path);
        await using var file = Open(full);
        using var source = new StreamSource(file);
        var (header, offset) = await Part10Header.ReadAsync(source, ct);
        return new FileInstance(full, offset, header);
    }

    internal override async ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct)
    {
        await using var file = Open(_path);
        file.Seek(_offset, SeekOrigin.Begin);
        await WriteAsync(file, to, syntax, ct);
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
