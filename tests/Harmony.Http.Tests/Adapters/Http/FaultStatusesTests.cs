using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Http.Adapters.Http;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>docs/errors.md says what the table in the code says.</summary>
public sealed class FaultStatusesTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFolder.PathOf("docs", "errors.md"));

    public static TheoryData<FaultKind> Kinds => [.. Enum.GetValues<FaultKind>()];

    public static TheoryData<RefusalKind> Refusals => [.. Enum.GetValues<RefusalKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fault_HasItsRow(FaultKind kind)
        => AssertRow(
            "Faults", $"| {kind} | {StatusOf(FaultSource.Client, kind)} | {StatusOf(FaultSource.Gateway, kind)} | {StatusOf(FaultSource.Backend, kind)} |");

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Refusal_HasItsRow(RefusalKind kind) => AssertRow("Refusals", $"| {kind} | {FaultStatuses.Of(new Refusal(kind, "test"))} |");

    private static int StatusOf(FaultSource source, FaultKind kind) => FaultStatuses.Of(new GatewayException(source, kind, "test"));

    private static void AssertRow(string heading, string row)
    {
        var section = Page.Split($"\n## {heading}\n")[1].Split("\n## ")[0];
        Assert.True(section.Split("\n" + row).Length == 2, $"docs/errors.md needs one row under '{heading}' that begins with '{row}'");
    }
}
