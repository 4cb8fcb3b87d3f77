using System.CommandLine;
using System.Text;
using Harmony.Access.Authentication;
using Spectre.Console;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony hash-password</c>: reads a password and prints its hash, for <c>password_hash</c> and <c>users_file</c> of <c>basic_auth</c>.</summary>
internal static class HashPasswordCommand
{
    public static Command Create()
    {
        var user = new Argument<string?>("USER")
        {
            Description = "User name. With a name, the output is a line for a users file: USER, a colon, the hash.", Arity = ArgumentArity.ZeroOrOne
        };
        var iterations = new Option<int>("--iterations")
        {
            Description = "Rounds of hashing, 1000 to 10000000. More rounds make guessing slower, and the first request of each user.",
            DefaultValueFactory = _ => PasswordHash.DefaultIterations,
        };
        var command = new Command("hash-password", "Read a password from standard input and print its hash.") { user, iterations };
        command.SetAction(result => Run(result.GetValue(user), result.GetValue(iterations), ReadPassword, result.InvocationConfiguration));
        return command;
    }

    /// <summary>Prints the hash of the password that <paramref name="read"/> gives.</summary>
    /// <returns>1 when there is no password, or the rest of the command makes no sense.</returns>
    internal static int Run(string? user, int iterations, Func<string?> read, InvocationConfiguration console)
    {
        if (iterations is < PasswordHash.MinIterations or > PasswordHash.MaxIterations)
        {
            console.Error.WriteLine($"--iterations must be from {PasswordHash.MinIterations} to {PasswordHash.MaxIterations}");
            return 1;
        }

        if (user is not null && (user.Contains(':', StringComparison.Ordinal) || user.Length == 0))
        {
            console.Error.WriteLine("a user name cannot be empty or contain a colon");
            return 1;
        }

        if (read() is not { Length: > 0 } password)
        {
            console.Error.WriteLine("no password was given on standard input");
            return 1;
        }

        var hash = PasswordHash.Create(Encoding.UTF8.GetBytes(password), iterations).ToText();
        console.Output.WriteLine(user is null ? hash : $"{user}:{hash}");
        return 0;
    }

    /// <summary>
    /// The first line of a pipe; at a terminal what is typed, which is not shown. The question goes to standard error, the hash alone to the output.
    /// </summary>
    private static string? ReadPassword()
    {
        if (Console.IsInputRedirected) return Console.In.ReadLine();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Prompt(new TextPrompt<string>("Password:").Secret(null));
    }
}
