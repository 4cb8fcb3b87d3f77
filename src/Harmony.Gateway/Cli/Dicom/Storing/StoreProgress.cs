using Spectre.Console;

namespace Harmony.Gateway.Cli.Dicom.Storing;

/// <summary>A bar that tells people at a terminal how far a transfer is; nothing for pipes and files.</summary>
internal static class StoreProgress
{
    /// <param name="output">Where to draw; null for nowhere.</param>
    /// <param name="total">How many files there are.</param>
    /// <param name="run">Sends them; is given what to call for each.</param>
    /// <param name="what">What is done, in one word.</param>
    public static async Task ShowAsync(TextWriter? output, int total, Func<Action, Task> run, string what = "sending")
    {
        if (output is null || !ReferenceEquals(output, Console.Error) || Console.IsErrorRedirected)
        {
            await run(static () => { });
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            var task = context.AddTask(what, maxValue: Math.Max(total, 1));
            await run(() => task.Increment(1));
        });
    }
}
