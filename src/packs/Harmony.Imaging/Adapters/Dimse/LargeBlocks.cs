using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>
/// Blocks of 64 KB for what connections receive. Kestrel's own have 4 KB and one is filled by each receive, which is right for requests, and
/// 128 system calls for an image.
/// </summary>
internal sealed class LargeBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockSize = 64 * 1024;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockSize));

    protected override void Dispose(bool disposing)
    {
        // All memory is the shared pool's.
    }
}
