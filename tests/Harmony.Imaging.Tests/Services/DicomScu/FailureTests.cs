using System.Net;
using System.Net.Sockets;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu;

/// <summary>What goes wrong is told as <c>{operation, success: false, error}</c> with 500.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("echo")]
    [InlineData("find")]
    [InlineData("get")]
    [InlineData("move")]
    public async Task Peer_Dead_IsAFailure(string operation)
    {
        await using var gateway = await ScuGateway.StartAsync(FreePort.Take());
        var (status, answer) = await gateway.AskAsync("/" + operation, """{"StudyInstanceUID":{"Value":["1.2"]}}""");
        Assert.Equal((500, operation, false), (status, answer["operation"]!.ToString(), (bool)answer["success"]!));
        Assert.Equal(["operation", "success", "error"], answer.Select(m => m.Key));
        var line = await gateway.Gateway.Log.FirstAsync(3101);
        Assert.Contains($"backend 'b': {operation} at 'PACS'", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_PeerDead_TellsOfTheObject()
    {
        await using var gateway = await ScuGateway.StartAsync(FreePort.Take());
        var (status, answer) = await gateway.AskAsync("/store", ObjectContent.Single(await ObjectContent.FileAsync("1.5.1.1")));
        Assert.Equal((500, 1), (status, (int)answer["failed"]!));
        Assert.Null(answer["results"]![0]!["status"]);
    }

    [Fact]
    public async Task Association_Rejected_SaysWhy()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, aet: "OTHER");
        var (status, answer) = await gateway.AskAsync("/echo");
        Assert.Equal(500, status);
        Assert.Contains("rejected", answer["error"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peer_AcceptsAndSaysNothing_IsGivenUp()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using var gateway = await ScuGateway.StartAsync(((IPEndPoint)listener.LocalEndPoint!).Port, "artim_secs = 1");
        var (status, answer) = await gateway.AskAsync("/echo");
        Assert.Equal(500, status);
        Assert.Contains("within 1 s", answer["error"]!.ToString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// A system that takes connections and says nothing costs one request the time that is written, once, whatever <c>max_retries</c> says. Nobody pays after
    /// that: requests fail at once until the pause is over, and the first that is let in ends it.
    /// </summary>
    [Fact]
    public async Task Peer_AcceptsAndSaysNothing_CostsTheTimeOutOnce()
    {
        var (clock, door, asked) = (new TestTimeProvider(), Guard.NewSignal(), 0);
        await using var pacs = FakePacs.Start(new FakePacsSettings
        {
            Door = () =>
            {
                Interlocked.Increment(ref asked);
                return door.Task;
            },
        });
        await using var gateway = await ScuGateway.StartAsync(
            pacs.Port, "artim_secs = 7\npassive_health.ejection_secs = 9", backend: "max_retries = 3", clock: clock);

        var first = gateway.AskAsync("/echo");
        await Guard.UntilAsync(() => Volatile.Read(ref asked) == 1);
        await clock.AdvanceToTimerAsync(Artim(7));
        Assert.EndsWith("did not respond to the association request within 7 s", (await first).Answer["error"]!.ToString(), StringComparison.Ordinal);

        var (status, answer) = await gateway.AskAsync("/echo");
        Assert.Equal((500, 1), (status, asked));
        Assert.Contains("so it gets no requests for 9 s", answer["error"]!.ToString(), StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromSeconds(10));
        door.SetResult();
        Assert.Equal((200, 2), ((await gateway.AskAsync("/echo")).Status, asked));
    }

    /// <summary>Several systems that say nothing are asked one after another, but no try begins later than <c>timeout_secs</c> after the first.</summary>
    [Fact]
    public async Task AllTries_BeginWithinTheTimeOut()
    {
        var (clock, asked) = (new TestTimeProvider(), 0);
        Task Never()
        {
            Interlocked.Increment(ref asked);
            return new TaskCompletionSource().Task;
        }

        await using var one = FakePacs.Start(new FakePacsSettings { Door = Never });
        await using var two = FakePacs.Start(new FakePacsSettings { Door = Never });
        await using var three = FakePacs.Start(new FakePacsSettings { Door = Never });
        await using var gateway = await ScuGateway.SharingAsync(
            [one.Port, two.Port, three.Port], "artim_secs = 7\ntimeout_secs = 10\nmax_retries = 9", clock: clock);

        var asking = gateway.AskAsync("/echo");
        await Guard.UntilAsync(() => Volatile.Read(ref asked) == 1);
        await clock.AdvanceToTimerAsync(Artim(7));
        clock.Advance(await clock.TimerAsync(due => due < TimeSpan.FromSeconds(1))); // the pause between tries
        await Guard.UntilAsync(() => Volatile.Read(ref asked) == 2); // the clock stands: the time of this try begins when it connects
        await clock.AdvanceToTimerAsync(Artim(7));

        Assert.Equal(500, (await asking.Guarded()).Status);
        Assert.Equal(2, asked);
    }

    /// <summary>When ARTIM has passed, with the millisecond by which a timer must not be early.</summary>
    private static TimeSpan Artim(int seconds) => TimeSpan.FromMilliseconds((1000 * seconds) + 1);

    [Fact]
    public async Task Peer_Slow_IsGivenUpOnceAndNotAskedAgain()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Gate = new TaskCompletionSource().Task });
        var clock = new TestTimeProvider();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, backend: "max_retries = 3", clock: clock);
        var asking = gateway.AskAsync("/find");
        await Guard.UntilAsync(() => pacs.Identifiers.Count > 0);
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), asking);
        Assert.Equal(500, (await asking).Status);
        Assert.Single(pacs.Identifiers);
    }

    /// <summary>The comment of the other side is for who asked, not for the log: it may hold anything.</summary>
    [Fact]
    public async Task Find_FailureStatus_IsAFailureWithItsComment()
    {
        await using var pacs = FakePacs.Start(new FakePacsSettings { Answers = new DimseResult(DimseStatus.UnableToProcess, "no such patient Doe") });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        var (status, answer) = await gateway.AskAsync("/find");
        Assert.Equal((500, "status C000 unable to process: no such patient Doe"), (status, answer["error"]!.ToString()));
        Assert.DoesNotContain(gateway.Gateway.Log.Lines, l => l.Message.Contains("Doe", StringComparison.Ordinal));
    }

    /// <summary>Nobody takes part of the matches for all of them: the answer breaks off, or is 502 where nothing of it had left.</summary>
    [Fact]
    public async Task Find_FailsAfterMatches_BreaksTheAnswerOff()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { FailsAfterMatches = true });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        using var answer = await gateway.BeginAsync("/find", "{}", Guard.Token);
        if ((int)answer.StatusCode != 502) await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());
        Assert.DoesNotContain(gateway.Gateway.Log.Lines, l => l.Message.Contains("Müller", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Move_UnknownDestination_TellsTheStatus()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"incoming_store_port = {FreePort.Take()}");
        var (status, answer) = await gateway.AskAsync("/move", """{"StudyInstanceUID":{"Value":["1.2"]}}""");
        Assert.Equal((500, "status A801 move destination unknown"), (status, answer["error"]!.ToString()));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public async Task Rejection_ForTheMoment_IsTriedAgain(int retries, int times)
    {
        var asked = 0;
        await using var pacs = FakePacs.Start(new FakePacsSettings
        {
            Rejects = _ => Interlocked.Increment(ref asked) <= 2
            ? AssociationRejection.LocalLimitExceeded : null
        });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, backend: $"max_retries = {retries}");
        var (status, _) = await gateway.AskAsync("/echo");
        Assert.Equal((retries == 0 ? 500 : 200, times), (status, asked));
        Assert.Equal(retries > 0, gateway.Gateway.Log.Has(3102));
    }
}
