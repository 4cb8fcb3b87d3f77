using Harmony.Core.Modules;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu;

/// <summary>A backend with several targets.</summary>
public sealed class TargetsTests
{
    private const string Study = """{"StudyInstanceUID":{"Value":["1.2"]}}""";

    private readonly TestTimeProvider _clock = new();

    [Fact]
    public async Task OneIsDead_EverythingIsDoneByTheOther()
    {
        var port = FreePort.Take();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Destination = new("127.0.0.1", port, "HARMONY_SCU", "PACS") });
        await using var gateway = await ScuGateway.SharingAsync([FreePort.Take(), pacs.Port], $"passive_health.max_failures = 0\nincoming_store_port = {port}");
        var (_, echo) = await gateway.AskAsync("/echo");
        Assert.Equal(pacs.Port, (int)echo["port"]!);
        Assert.Single((await gateway.AskAsync("/find", """{"StudyInstanceUID":{}}""")).Answer["matches"]!.AsArray());
        Assert.Equal(4, (int)(await gateway.AskAsync("/get", Study)).Answer["file_count"]!);
        Assert.Equal(4, (int)(await gateway.AskAsync("/move", Study)).Answer["file_count"]!);
        Assert.Equal(200, (await gateway.AskAsync("/store", ObjectContent.Single(await ObjectContent.FileAsync("1.5.1.1")))).Status);
        Assert.Equal(5, gateway.Gateway.Log.Lines.Count(l => l.EventId == 3102));
        Assert.False(gateway.Gateway.Log.Has(3101));
    }

    /// <summary>One that lets nobody in, for good or for the moment, is passed over like one that is not there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneRejectsUs_AnotherIsAsked(bool isForNow)
    {
        await using var shut = FakePacs.Start(new FakePacsSettings
        {
            Rejects = _ => isForNow
            ? AssociationRejection.LocalLimitExceeded : AssociationRejection.CallingAeTitleNotRecognized
        });
        await using var open = FakePacs.Start();
        await using var gateway = await ScuGateway.SharingAsync([shut.Port, open.Port]);
        Assert.Equal(200, (await gateway.AskAsync("/store", ObjectContent.Single(await ObjectContent.FileAsync("1.5.1.1")))).Status);
        Assert.Equal((0, 1), (shut.Objects.Count, open.Objects.Count));
    }

    [Fact]
    public async Task OneSaysNo_IsNotAskedOfAnother()
    {
        await using var full = FakePacs.Start(new FakePacsSettings { Answers = new DimseResult(DimseStatus.OutOfResources) });
        await using var other = FakePacs.Start();
        await using var gateway = await ScuGateway.SharingAsync([full.Port, other.Port]);
        var (status, answer) = await gateway.AskAsync("/store", ObjectContent.Single(await ObjectContent.FileAsync("1.5.1.1")));
        Assert.Equal((500, "0xA700"), (status, answer["results"]![0]!["status"]!.ToString()));
        Assert.Equal(0, other.Accepted);
    }

    [Fact]
    public async Task FailsTooOften_IsLeftOutAndComesBack()
    {
        await using var pacs = FakePacs.Start();
        var dead = FreePort.Take();
        await using var gateway = await ScuGateway.SharingAsync([dead, pacs.Port], "max_retries = 0\npassive_health = { max_failures = 2, ejection_secs = 10 }",
            clock: _clock);
        Assert.Equal("500 500 200 200", await EchoesAsync(gateway, 4));
        Assert.Contains(": it failed 2 times in a row and gets no requests for 10 s, then one at a time: ",
            (await gateway.Gateway.Log.FirstAsync(2101)).Message, StringComparison.Ordinal);
        Assert.Equal([("t0", false), ("t1", true)], Live(gateway).Select(t => (t.Name, t.IsHealthy)));
        _clock.Advance(TimeSpan.FromSeconds(10));
        await using var back = FakePacs.Start(new FakePacsSettings { Port = dead });
        Assert.Equal("200", await EchoesAsync(gateway, 1));
        Assert.Equal((1, 1), (back.Accepted, pacs.Accepted));
    }

    [Fact]
    public async Task HealthCheck_IsAnEchoOfItsOwn()
    {
        await using var pacs = FakePacs.Start();
        var dead = FreePort.Take();
        await using var gateway = await ScuGateway.SharingAsync([dead, pacs.Port],
            "max_retries = 0\nhealth_check = { interval_secs = 7, unhealthy_threshold = 1 }", clock: _clock);
        Assert.Contains(": it failed 1 health checks in a row and gets no requests: ", (await gateway.Gateway.Log.FirstAsync(2102)).Message,
            StringComparison.Ordinal);
        Assert.Equal("200", await EchoesAsync(gateway, 1));
        Assert.Equal([false, true], Live(gateway).Select(t => t.IsHealthy));
        await using var back = FakePacs.Start(new FakePacsSettings { Port = dead });
        await _clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(7), count: 2); // both checks have ended
        await gateway.Gateway.Log.FirstAsync(2103);
        Assert.Equal("200", await EchoesAsync(gateway, 1));
        Assert.Equal([true, true], Live(gateway).Select(t => t.IsHealthy));
    }

    /// <summary>Nobody asked for checks, and nobody sends anything: an operator hears of it all the same, once, and hears when it is over.</summary>
    [Fact]
    public async Task DiesUnasked_IsOneLineWithSinceAndReason_AndOneWhenItIsBack()
    {
        var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.SharingAsync([pacs.Port], clock: _clock);
        var target = Live(gateway).Single();
        Assert.Equal((true, false, null), (target.IsHealthy, target.WasAsked, target.DownSince));
        await pacs.DisposeAsync();
        await CheckUntilAsync(gateway, 2102);
        Assert.Contains("it failed 1 health checks in a row and is asked all the same, because there is no other: ",
            (await gateway.Gateway.Log.FirstAsync(2102)).Message, StringComparison.Ordinal);
        Assert.Equal((false, true), (target.IsHealthy, target.WasAsked));
        Assert.NotNull(target.DownSince);
        Assert.NotNull(target.DownReason);

        await using var back = FakePacs.Start(new FakePacsSettings { Port = pacs.Port });
        await CheckUntilAsync(gateway, 2103);
        Assert.Equal((true, null), (target.IsHealthy, target.DownReason));
        Assert.Single(gateway.Gateway.Log.Lines, l => l.EventId == 2102);
    }

    [Fact]
    public async Task HealthCheck_MayBeTurnedOff()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.SharingAsync([pacs.Port], "health_check.enabled = false", clock: _clock);
        for (var i = 0; i < 10; i++) _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("200", await EchoesAsync(gateway, 1));
        Assert.Equal(1, pacs.Accepted);
    }

    [Fact]
    public async Task Operator_TakesTargetsOut()
    {
        await using var one = FakePacs.Start();
        await using var other = FakePacs.Start();
        await using var gateway = await ScuGateway.SharingAsync([one.Port, other.Port]);
        Live(gateway)[0].Drain();
        Assert.Equal("200", await EchoesAsync(gateway, 1));
        Assert.Equal((0, 1), (one.Accepted, other.Accepted));
        Live(gateway)[1].Drain();
        using var answer = await gateway.BeginAsync("/echo", "", Guard.Token);
        Assert.Equal(503, (int)answer.StatusCode);
    }

    [Fact]
    public async Task RoundRobin_EachInTurn()
    {
        await using var one = FakePacs.Start();
        await using var other = FakePacs.Start();
        await using var gateway = await ScuGateway.SharingAsync([one.Port, other.Port], "load_balancing = \"round_robin\"\nassociation_idle_secs = 0");
        await EchoesAsync(gateway, 4);
        Assert.Equal((2, 2), (one.Accepted, other.Accepted));
    }

    /// <summary>What one system has found is not retrieved from another, which may not have it.</summary>
    [Fact]
    public async Task Retrieval_OfWhatOneHasFound_StaysThere()
    {
        await using var finds = FakePacs.WithStudy(new FakePacsSettings
        {
            Rejects = a => a.PresentationContexts.Any(c => c.AbstractSyntax == Uid.GETStudyRootQueryRetrieveInformationModel)
                ? AssociationRejection.NoReason : null,
        });
        await using var other = FakePacs.WithStudy();
        await using var gateway = await ScuGateway.SharingAsync([finds.Port, other.Port]);
        Assert.Equal(4, (int)(await gateway.AskAsync("/get", Study)).Answer["file_count"]!); // not yet looked up anywhere
        Assert.Equal(1, other.Accepted);
        var (status, answer) = await gateway.AskAsync("/get", """{"PatientID":{"Value":["PAT*"]}}""");
        Assert.Equal(500, status);
        Assert.Contains("rejected", answer["error"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, other.Accepted);
    }

    [Fact]
    public async Task InFlight_CountsOperations()
    {
        var gate = Guard.NewSignal();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Gate = gate.Task });
        await using var gateway = await ScuGateway.SharingAsync([pacs.Port, FreePort.Take()]);
        var asking = gateway.AskAsync("/find");
        await Guard.UntilAsync(() => pacs.Identifiers.Count > 0);
        Assert.Equal([1, 0], Live(gateway).Select(t => t.InFlight));
        gate.SetResult();
        await asking;
        await Guard.UntilAsync(() => Live(gateway)[0].InFlight == 0);
    }

    /// <summary>Moves the clock from check to check. While one is under way, its time-out of 5 s is set, and the clock stands.</summary>
    private Task CheckUntilAsync(ScuGateway gateway, int eventId) => Guard.UntilAsync(
        () => gateway.Gateway.Log.Has(eventId),
        () =>
        {
            if (!_clock.HasTimer(due => due <= TimeSpan.FromSeconds(5))) _clock.Advance(TimeSpan.FromSeconds(30));
        },
        $"event {eventId}");

    private static IReadOnlyList<ITarget> Live(ScuGateway gateway) => [.. gateway.Gateway.Snapshot.Pipelines[0].Backends[0].LiveTargets];

    private static async Task<string> EchoesAsync(ScuGateway gateway, int count)
    {
        var statuses = new List<int>();
        while (statuses.Count < count) statuses.Add((await gateway.AskAsync("/echo")).Status);
        return string.Join(' ', statuses);
    }
}
