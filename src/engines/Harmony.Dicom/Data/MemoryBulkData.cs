using System.Runtime.InteropServices;

namespace Harmony.Dicom.Data;

/// <summary>Bytes in memory.</summary>
/// <param name="memory">The bytes; they are not copied and must not change.</param>
public sealed class MemoryBulkData(ReadOnlyMemory<byte> memory) : BulkData
{
    /// <inheritdoc/>
    public override long? Length => memory.Length;

    /// <inheritdoc/>
    public override bool TryGetMemory(out ReadOnlyMemory<byte> bytes)
    {
        bytes = memory;
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask<Stream> OpenAsync(CancellationToken ct)
        => new(MemoryMarshal.TryGetArray(memory, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(memory.ToArray(), writable: false));
}
