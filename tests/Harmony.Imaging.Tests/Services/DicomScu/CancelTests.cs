using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu;

public sealed class CancelTests
{
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(3, 3, true)]
    public async Task MaxResults_Reached_CancelsTheQuery(int most, int matches, bool isForEver)
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { FindsForEver = isForEver });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"max_results = {most}");
        var (status, answer) = await gateway.AskAsync("/find", """{"StudyInstanceUID":{}}""");
        Assert.Equal((200, matches), (status, answer["matches"]!.AsArray().Count));
        Assert.Equal(isForEver, answer.ContainsKey("truncated"));
        // The association was given back in order: the next query uses it.
        await gateway.AskAsync("/echo");
        Assert.Equal((isForEver ? 1 : 0, 1), (pacs.Cancelled, pacs.Accepted));
    }

    [Fact]
    public async Task Client_GoneInTheMiddle_CancelsTheQuery()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { FindsForEver = true });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        using (var answer = await gateway.BeginAsync("/find", """{"StudyInstanceUID":{}}""", Guard.Token))
        {
            await (await answer.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1024]);
        }

        await Guard.UntilAsync(() => pacs.Cancelled > 0);
    }

    [Fact]
    public async Task Client_GoneBeforeAnAnswer_CancelsTheQuery()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Gate = new TaskCompletionSource().Task });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        using var leaving = new CancellationTokenSource();
        var asking = gateway.BeginAsync("/find", "{}", leaving.Token);
        await Guard.UntilAsync(() => pacs.Identifiers.Count > 0);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Guard.UntilAsync(() => pacs.Cancelled > 0);
    }
}
