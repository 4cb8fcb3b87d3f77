using System.Buffers.Binary;
using System.Collections;
using System.IO.Pipelines;
using System.Text;
using Harmony.Core.Runtime;
using Harmony.Imaging.Adapters.Dimse;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

public sealed class DimseConnectionsTests
{
    private const byte AssociateRejected = 3; // A-ASSOCIATE-RJ, PS3.8 table 9-21

    /// <summary>The gateway stops between the moment in which a connection has said whom it calls, and the one in which its endpoint serves it.</summary>
    [Fact]
    public async Task Drain_WhileAConnectionFindsItsEndpoint_RejectsItsAssociation()
    {
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml), extra: ScriptedBackend.Answering("[]"));
        var (binding, _) = Assert.Single(DimseEndpoints.Of(gateway.Snapshot));
        var runtime = new GatewayRuntime(gateway.Snapshot);
        using var connections = new DimseConnections(binding, runtime, new AssociationCounts(), NullLogger.Instance, TimeProvider.System);
        var (input, output) = (new Pipe(), new Pipe());
        Task? draining = null;
        var features = new WatchedFeatures(() => draining ??= connections.DrainAsync(CancellationToken.None));
        var (ours, theirs) = (new TestTransport(input.Reader, output.Writer), new TestTransport(output.Reader, input.Writer));
        await using var connection = new DefaultConnectionContext("1", ours, theirs);
        features.CopyFrom(connection.Features);
        var watched = new WatchedConnection(connection, features);
        await input.Writer.WriteAsync(AssociateRequest());
        var serving = connections.ServeAsync(watched);
        var answer = await output.Reader.ReadAtLeastAsync(10, Guard.Token);
        Assert.Equal(AssociateRejected, answer.Buffer.FirstSpan[0]); // and not accepted, to be cut off at the end of the time for a stop
        await input.Writer.CompleteAsync(); // the peer closes
        await serving.Guarded();
        await draining!.Guarded();
    }

    /// <summary>A-ASSOCIATE-RQ (PS3.8 table 9-11) that proposes verification.</summary>
    private static byte[] AssociateRequest()
    {
        byte[] context = [1, 0, 0, 0, .. Item(0x30, "1.2.840.10008.1.1"u8), .. Item(0x40, "1.2.840.10008.1.2"u8)];
        byte[] body =
        [
            0, 1, 0, 0, .. Encoding.ASCII.GetBytes("HARMONY_SCP".PadRight(16)), .. Encoding.ASCII.GetBytes("TEST".PadRight(16)), .. new byte[32],
            .. Item(0x10, "1.2.840.10008.3.1.1.1"u8), .. Item(0x20, context), .. Item(0x50, [.. Item(0x51, [0, 0, 0x40, 0]), .. Item(0x52, "1.2.3"u8)]),
        ];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        return [1, 0, .. length, .. body];
    }

    private static byte[] Item(byte type, ReadOnlySpan<byte> value) => [type, 0, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    private sealed class TestTransport(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    private sealed class WatchedConnection(ConnectionContext inner, IFeatureCollection features) : ConnectionContext
    {
        public override string ConnectionId { get => inner.ConnectionId; set => inner.ConnectionId = value; }

        public override IFeatureCollection Features => features;

        public override IDictionary<object, object?> Items { get => inner.Items; set => inner.Items = value; }

        public override IDuplexPipe Transport { get => inner.Transport; set => inner.Transport = value; }
    }

    /// <summary>Calls somebody when the socket is asked for: the endpoint is known then, and does not serve yet.</summary>
    private sealed class WatchedFeatures(Action asked) : IFeatureCollection
    {
        private readonly FeatureCollection _inner = [];

        public bool IsReadOnly => false;

        public int Revision => _inner.Revision;

        public object? this[Type key] { get => _inner[key]; set => _inner[key] = value; }

        public void CopyFrom(IFeatureCollection features)
        {
            foreach (var (key, value) in features) _inner[key] = value;
        }

        public TFeature? Get<TFeature>()
        {
            if (typeof(TFeature) == typeof(IConnectionSocketFeature)) asked();
            return _inner.Get<TFeature>();
        }

        public void Set<TFeature>(TFeature? instance) => _inner.Set(instance);

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _inner.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
