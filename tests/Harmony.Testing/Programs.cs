using System.ComponentModel;
using System.Diagnostics;

namespace Harmony.Testing;

/// <summary>What a program printed, and how it ended.</summary>
/// <param name="ExitCode">0 is success.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>All that the program printed: its output, then its errors.</summary>
    public string Printed => Output + Errors;
}

/// <summary>
/// Programs that tests start. None outlives its limit, nor do the programs that it has started: reads of a pipe cannot be cancelled, and end only with the
/// last of those that hold its other end.
/// </summary>
public static class Programs
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="start">The program; both of its outputs are read.</param>
    /// <param name="limit">How long it may run; <see cref="Guard.Limit"/> if left out.</param>
    /// <exception cref="TimeoutException">The program did not end in time; it has been ended.</exception>
    public static async Task<ProgramRun> RunAsync(ProcessStartInfo start, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        (start.UseShellExecute, start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (false, true, true, true);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var patience = limit ?? Guard.Limit;
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return new ProgramRun(process.ExitCode, await output.WaitAsync(deadline.Token), await errors.WaitAsync(deadline.Token));
        }
        catch (OperationCanceledException e)
        {
            await process.EndAsync();
            var printed = string.Concat(await Task.WhenAll(output, errors).Guarded());
            throw new TimeoutException(
                $"{Path.GetFileName(start.FileName)} {string.Join(' ', start.ArgumentList)} did not end within {patience.TotalSeconds} s: {printed}", e);
        }
    }

    /// <summary>Ends a program, and all that it has started, at once.</summary>
    public static async Task EndAsync(this Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // The program has ended by itself, or one of those that it has started.
        }

        await process.WaitForExitAsync(Guard.Token);
    }
}
