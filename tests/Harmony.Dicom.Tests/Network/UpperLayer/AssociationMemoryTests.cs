using System.IO.Pipelines;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.UpperLayer;

/// <summary>Alone, as others would be measured too.</summary>
[CollectionDefinition(nameof(AssociationMemoryTests), DisableParallelization = true)]
[Collection(nameof(AssociationMemoryTests))]
public sealed class AssociationMemoryTests
{
    [Fact]
    public async Task TenThousandAssociations_OpenedAndAborted_LeaveNothing()
    {
        await using var server = TestServer.Start();
        var limit = Guard.Token;
        byte[] bytes = [.. RawPeer.Request(), .. PduCodec.Encode(new AbortPdu(AbortSource.ServiceUser))];
        await OpenAsync(2000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await OpenAsync(10_000);
        Assert.Equal(0, server.Acceptor.ActiveAssociations);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4 << 20);

        async Task OpenAsync(int count)
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
            {
                using var peer = await RawPeer.ConnectAsync(server.Port, limit);
                await peer.SendAsync(bytes);
                await peer.ClosedAsync();
            });
            for (var i = 0; i < count; i++) await server.Archive.EndedAsync(AssociationEndKind.AbortedByPeer, limit);
            server.Archive.Forget();
        }
    }

    [Fact]
    public async Task Object_OfAGigabyte_PassesThroughBothSides_InLittleMemory()
    {
        const long Length = 1L << 30;
        var store = new CountingStore();
        await using var server = TestServer.Start(null, new DimseHandlers { Store = store });
        await using var association = await server.ConnectAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var meta = await FileMetaInformation.Create(Uid.CTImageStorage, "1.2.3.44", TransferSyntax.ExplicitVRLittleEndian).ToBytesAsync();
        var instance = await SopInstance.ReadAsync(new LargeObject([.. meta, .. Samples.Element(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2\0"u8),
            .. Samples.Element(0x00080018, "UI", "1.2.3.44"u8), .. Samples.Element(0x7FE00010, "OW", [], (uint)Length)], Length));
        Assert.Equal(DimseStatus.Success, (await association.StoreAsync(instance, ct: Guard.Token)).Status);
        Assert.InRange(store.Count, Length, Length + 1000);
        Assert.InRange(store.HighestMemory - before, long.MinValue, 64 << 20);
    }

    /// <summary>Counts what comes, and looks at the memory now and then.</summary>
    private sealed class CountingStore : IStoreHandler
    {
        public long Count { get; private set; }

        public long HighestMemory { get; private set; }

        public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
        {
            for (ReadResult read = default; !read.IsCompleted;)
            {
                read = await operation.DataSet.ReadAsync(ct);
                if (Count >> 26 != (Count + read.Buffer.Length) >> 26) HighestMemory = Math.Max(HighestMemory, GC.GetTotalMemory(forceFullCollection: true));
                Count += read.Buffer.Length;
                operation.DataSet.AdvanceTo(read.Buffer.End);
            }

            return DimseStatus.Success;
        }
    }

    /// <summary>A Part 10 file with many zeros for pixels, which is nowhere.</summary>
    private sealed class LargeObject(byte[] start, long pixels) : Stream
    {
        private readonly byte[] _start = start;
        private readonly long _length = start.Length + pixels;
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => _length;

        public override long Position { get => _position; set => _position = value; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, _length - _position);
            var head = (int)Math.Clamp(_start.Length - _position, 0, count);
            if (head > 0) _start.AsMemory((int)_position, head).CopyTo(buffer);
            buffer.Span[head..count].Clear();
            _position += count;
            return new(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();
    }
}
