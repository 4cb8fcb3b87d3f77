using Harmony.Dicom.Data;

namespace Harmony.Dicom.Web.Multipart;

/// <summary>The content of one part, up to the delimiter behind it.</summary>
/// <param name="reader">Reads it.</param>
internal sealed class PartStream(PartReader reader) : ForwardStream
{
    private bool _isOver;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isOver || buffer.IsEmpty) return 0;
        var read = await reader.ReadContentAsync(buffer, cancellationToken);
        _isOver = read == 0;
        return read;
    }
}
