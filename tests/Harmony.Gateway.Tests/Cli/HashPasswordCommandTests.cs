using System.CommandLine;
using Harmony.Access.Authentication;
using Harmony.Gateway.Cli;

namespace Harmony.Gateway.Tests.Cli;

public class HashPasswordCommandTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("ann", "ann:")]
    public void Password_IsPrintedAsAHashOfIt(string? user, string before)
    {
        var (exitCode, output, error) = Run(user, 1000, "geheim");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith(before + "$pbkdf2-sha256$i=1000$", output, StringComparison.Ordinal);
        Assert.True(PasswordHash.TryParse(output[before.Length..].TrimEnd('\n'), out var hash, out _));
        Assert.True(hash.Matches("geheim"u8));
    }

    [Theory]
    [InlineData(null, 1000, null, "no password was given")]
    [InlineData(null, 1000, "", "no password was given")]
    [InlineData("a:b", 1000, "geheim", "cannot be empty or contain a colon")]
    [InlineData(null, 999, "geheim", "--iterations must be from 1000 to 10000000")]
    public void Nonsense_IsRefused(string? user, int iterations, string? password, string said)
    {
        var (exitCode, output, error) = Run(user, iterations, password);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Error) Run(string? user, int iterations, string? password)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = HashPasswordCommand.Run(user, iterations, () => password, new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
