using System.Text;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;
using Harmony.Imaging.Dicom.Answers;

namespace Harmony.Imaging.Tests.Dicom.Answers;

public class FoundDataSetsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "")]
    [InlineData("""[{"00100020":{"vr":"LO","Value":["A"]}},{"PatientID":{"Value":["B"]}}]""", "A,B")]
    [InlineData("""{"operation":"find","success":true,"matches":[{"00100020":{"vr":"LO","Value":["A"]}},{"00100020":{"vr":"LO","Value":["B"]}}]}""", "A,B")]
    [InlineData("""{"matches":[],"success":true}""", "")]
    [InlineData("""{"00080005":{"vr":"CS"},"00100020":{"vr":"LO","Value":["A"]}}""", "A")]
    public async Task Read_EveryShape_GivesItsDataSets(string json, string ids) => Assert.Equal(ids, await IdsAsync(json));

    [Theory]
    [InlineData("""{"operation":"find","success":false,"error":"no"}""", FaultKind.Internal)]
    [InlineData("""[{"00100020":{"vr":"LO","Value":["A"]}}""", FaultKind.Protocol)]
    [InlineData("""[{"00100020":17}]""", FaultKind.Protocol)]
    [InlineData("<html>", FaultKind.Protocol)]
    [InlineData("17", FaultKind.Protocol)]
    public async Task Read_SomethingElse_IsAFaultOfTheBackend(string json, FaultKind kind)
    {
        var fault = await Assert.ThrowsAsync<GatewayException>(() => IdsAsync(json));
        Assert.Equal((FaultSource.Backend, kind), (fault.FaultSource, fault.Kind));
    }

    [Fact]
    public async Task Read_TruncatedMatches_AreNotTakenForAll()
    {
        var failure = await Assert.ThrowsAsync<DimseException>(() => IdsAsync("""{"matches":[{"00100020":{"vr":"LO","Value":["A"]}}],"truncated":true}"""));
        Assert.Equal(DimseStatus.OutOfResources, failure.Result.Status);
    }

    [Fact]
    public async Task Read_ManyMatches_AreNeverAllInMemory()
    {
        const int Count = 20_000;
        var match = Encoding.UTF8.GetBytes($$$"""{"00100020":{"vr":"LO","Value":["{{{new string('x', 500)}}}"]}},""");
        var body = new RepeatingStream("[", match, Count, "{}]");
        var found = 0;
        await foreach (var _ in FoundDataSets.ReadAsync(Answer(body), 4096, CancellationToken.None))
        {
            // What was read ahead is bounded by the buffers on the way.
            if (found++ == 0) Assert.True(body.Given < 64 * 1024, $"{body.Given} bytes were read for one match");
        }

        Assert.Equal(Count + 1, found);
    }

    [Fact]
    public async Task Read_MatchLargerThanAllowed_IsAFaultOfTheBackend()
    {
        var json = $$$"""[{"00100020":{"vr":"LO","Value":["{{{new string('x', 100_000)}}}"]}}]""";
        await Assert.ThrowsAsync<GatewayException>(async () =>
        {
            await foreach (var _ in FoundDataSets.ReadAsync(Answer(new MemoryStream(Encoding.UTF8.GetBytes(json))), 10_000, CancellationToken.None))
                Assert.Fail("a match");
        });
    }

    private static async Task<string> IdsAsync(string json)
    {
        var ids = new List<string?>();
        var response = json.Length == 0 ? Answer(null) : Answer(new OneByteStream(Encoding.UTF8.GetBytes(json)));
        await foreach (var found in FoundDataSets.ReadAsync(response, 100_000, CancellationToken.None)) ids.Add(found.GetString(DicomTag.PatientID));
        return string.Join(',', ids);
    }

    private static ResponseEnvelope Answer(Stream? body)
    {
        var request = new RequestEnvelope
        {
            Protocol = "dimse", Method = "C-FIND", Path = "/c-find", Headers = new HeaderFields(), Body = Body.Empty(), RequestId = "1"
        };
        return new ResponseEnvelope(request, 200) { Body = body is null ? Body.Empty() : Body.FromStream(body, null) };
    }

    /// <summary>Gives a byte at a time: nothing may depend on where pieces end.</summary>
    private sealed class OneByteStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }

    private sealed class RepeatingStream(string first, byte[] piece, int count, string last) : MemoryStream
    {
        private readonly Queue<ReadOnlyMemory<byte>> _pieces = new(
            [Encoding.UTF8.GetBytes(first), .. Enumerable.Repeat<ReadOnlyMemory<byte>>(piece, count), Encoding.UTF8.GetBytes(last)]);

        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_pieces.TryPeek(out var next) || next.Length > buffer.Length) return new(0);
            _pieces.Dequeue();
            next.CopyTo(buffer);
            Given += next.Length;
            return new(next.Length);
        }
    }
}
