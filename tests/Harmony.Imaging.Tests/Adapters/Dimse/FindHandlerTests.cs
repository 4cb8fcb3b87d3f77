using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

public sealed class FindHandlerTests
{
    private const string TwoMatches = """
        {"operation":"find","success":true,"matches":[
          {"00080020":{"vr":"DA","Value":["20240102"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"Müller^Jürgen"}]},"00100020":{"vr":"LO","Value":["P-1"]},"00081030":{"vr":"LO","Value":["secret"]}},
          {"00100010":{"vr":"PN","Value":[{"Alphabetic":"Doe^Jane","Ideographic":"山田^花子"}]},"00100020":{"vr":"LO","Value":["P-2"]}}]}
        """;

    [DcmtkFact]
    public async Task Find_ByDcmtk_GetsTheKeysThatItAskedFor()
    {
        var backend = ScriptedBackend.Answering(TwoMatches);
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml), extra: backend);
        var found = (await FindScuAsync(
            gateway, "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName=*", "-k", "PatientID", "-k", "StudyDate=20240101-20241231")).Succeeded().Output;
        Assert.Contains("[P-1", found, StringComparison.Ordinal);
        Assert.Contains("[P-2", found, StringComparison.Ordinal);
        Assert.Contains("山田^花子", found, StringComparison.Ordinal);
        Assert.Contains("[ISO_IR 192]", found, StringComparison.Ordinal);
        Assert.Contains("(0008,0020) DA (no value available)", found, StringComparison.Ordinal); // asked for, and not there
        Assert.Contains("(0008,0054) AE [HARMONY_SCP", found, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", found, StringComparison.Ordinal);
        var body = JsonNode.Parse(backend.Body)!;
        Assert.Equal(["00080020", "00080052", "00100010", "00100020"], body["identifier"]!.AsObject().Select(p => p.Key));
        Assert.Equal("RANGE", (string?)body["query_metadata"]!["00080020"]!["match_type"]);
        Assert.Equal(("C-FIND", "STUDY", "find"), (backend.Metadata["operation"], backend.Metadata["dicom.query_level"], backend.Metadata["dimse_op"]));
    }

    [Fact]
    public async Task Find_RequestInLatin1_IsAnsweredInLatin1()
    {
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml), extra: ScriptedBackend.Answering(TwoMatches));
        await using var association = await ConnectAsync(gateway);
        var identifier = new DicomDataSetBuilder(Harmony.Dicom.Data.CharacterSets.SpecificCharacterSet.Parse(["ISO_IR 100"]))
            .Set(DicomTag.SpecificCharacterSet, "ISO_IR 100").Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientName).Build();
        var sets = new List<(string?, string?)>();
        await foreach (var match in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, identifier))
            sets.Add((match.GetString(DicomTag.SpecificCharacterSet), match.GetString(DicomTag.PatientName)));
        Assert.Equal([("ISO_IR 100", "Müller^Jürgen"), ("ISO_IR 192", "Doe^Jane=山田^花子")], sets);
    }

    [Theory]
    [InlineData("[]", 200, null, 0)]
    [InlineData("[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"A\"]}}]", 200, null, 1)]
    [InlineData("{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"A\"]}}", 200, null, 1)]
    [InlineData("{\"operation\":\"find\",\"success\":false,\"error\":\"no\"}", 200, 0x0110, 0)]
    [InlineData("{}", 404, 0xC000, 0)]
    [InlineData("{}", 503, 0xA701, 0)]
    [InlineData("<html>", 200, 0xA701, 0)]
    [InlineData("{\"matches\":[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"A\"]}},{\"00100020\":{}}],\"truncated\":true}", 200, 0xA700, 2)]
    public async Task Find_AnswerOfTheBackend_BecomesResponses(string json, int http, int? failure, int expected)
    {
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml), extra: ScriptedBackend.Answering(json, http));
        await using var association = await ConnectAsync(gateway);
        var found = 0;
        var finding = CountAsync();
        if (failure is null) await finding;
        else Assert.Equal((ushort)failure, (await Assert.ThrowsAsync<DimseException>(() => finding)).Result.Status.Code);
        Assert.Equal(expected, found);

        async Task CountAsync()
        {
            await foreach (var _ in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, Identifier())) found++;
        }
    }

    [DcmtkFact]
    public async Task Find_MoreThanMaxResults_EndsWithoutSuccess()
    {
        await using var gateway =
            await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml, "max_results = 1"), extra: ScriptedBackend.Answering(TwoMatches));
        var output = (await FindScuAsync(gateway, "-d", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID")).Output;
        Assert.Contains("P-1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("P-2", output, StringComparison.Ordinal);
        Assert.Contains("0xa700", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Find_Cancelled_StopsTheBackend()
    {
        var stopped = Guard.NewSignal();
        var backend = new ScriptedBackend((request, ct) =>
        {
            var matches = new EndlessMatches(stopped);
            var response = new ResponseEnvelope(request, 200) { Body = Body.FromStream(matches, null), Source = matches };
            response.Headers.Add("content-type", "application/json");
            return new(response);
        });
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml), extra: backend);
        await using var association = await ConnectAsync(gateway);
        var found = 0;
        await foreach (var _ in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, Identifier()))
        {
            if (++found == 5) break; // sends C-CANCEL
        }

        await stopped.Task.Guarded();
        await association.ReleaseAsync();
        await gateway.Log.FirstAsync(3002);
    }

    [DcmtkFact]
    public async Task Find_CancelledByDcmtk_EndsWithThatStatus()
    {
        var stopped = Guard.NewSignal();
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml), extra: new ScriptedBackend((request, _) =>
        {
            var matches = new EndlessMatches(stopped);
            var response = new ResponseEnvelope(request, 200) { Body = Body.FromStream(matches, null), Source = matches };
            response.Headers.Add("content-type", "application/json");
            return new(response);
        }));
        var output = (await FindScuAsync(gateway, "-d", "-S", "--cancel", "2", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID")).Output;
        Assert.Contains("0xfe00", output, StringComparison.OrdinalIgnoreCase);
        await stopped.Task.Guarded();
    }

    private static DicomDataSet Identifier() => new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientID).Build();

    private static Task<DcmtkResult> FindScuAsync(TestGateway gateway, params string[] arguments)
        => DcmtkPeer.RunAsync("findscu", [.. arguments, "-aec", "HARMONY_SCP", "127.0.0.1", gateway.DicomAddress.Port.ToString()]);

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway)
        => new DicomClient().ConnectAsync(new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "VIEWER"),
            [ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel)]);

    /// <summary>Matches without end, until the reader loses interest.</summary>
    private sealed class EndlessMatches(TaskCompletionSource stopped) : MemoryStream
    {
        private bool _hasBegun;

        public override ValueTask DisposeAsync()
        {
            stopped.TrySetResult();
            return base.DisposeAsync();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var text = _hasBegun ? ",{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"X\"]}}"u8 : "[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"X\"]}}"u8;
            _hasBegun = true;
            text.CopyTo(buffer.Span);
            return text.Length;
        }
    }
}
