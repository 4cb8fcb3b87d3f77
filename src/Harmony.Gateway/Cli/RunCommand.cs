using System.CommandLine;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Reloading;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony run</c>: serves until told to stop.</summary>
internal static class RunCommand
{
    public static Command Create(Option<string> config)
    {
        var lastGood = new Option<bool>("--last-good") { Description = "If the files have errors, start the configuration that ran last, with a warning." };
        var command = new Command("run", "Run the gateway until SIGTERM or Ctrl-C.") { config, lastGood };
        command.SetAction((result, ct) => RunAsync(result.GetValue(config)!, result.InvocationConfiguration, ct, result.GetValue(lastGood)));
        return command;
    }

    public static async Task<int> RunAsync(string configFile, InvocationConfiguration console, CancellationToken ct, bool orLastGood = false)
    {
        var builder = new GatewayBuilder(Environment.GetEnvironmentVariable, TimeProvider.System);
        using var signals = new StopSignals(ct);
        GatewayHost? started;
        try
        {
            started = await builder.StartAsync(configFile, signals.Stop, orLastGood);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return 0; // told to stop while starting
        }

        Tell(() => ProblemPrinter.Print(builder.Problems, console.Error, strict: false));
        if (started is null)
        {
            Tell(() => console.Error.WriteLine($"{configFile}: {ProblemPrinter.Summary(builder.Problems, strict: false)}; the gateway was not started"));
            return 1;
        }

        await using var host = started;
        if (host.Reloader.Status is { RunsFromHistory: true } status)
        {
            Tell(() => console.Error.WriteLine($"{configFile}: {ProblemPrinter.Summary(builder.Problems, strict: false)}; version {status.Version} of the "
                + "configuration runs, which ran last (--last-good)"));
        }

        Tell(() => Banner.Print(host, console.Output));
        using var reload = new ReloadSignal(host.Watcher);
        await signals.WaitAsync();
        await host.StopAsync(signals.Hurry);
        return 0;
    }

    /// <summary>Prints, where that can be done: a disk that is full of the output, or an output that is closed, ends no gateway.</summary>
    private static void Tell(Action print)
    {
        try
        {
            print();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is wrong with the output is on the output; the log has its own way to say so.
        }
    }
}
