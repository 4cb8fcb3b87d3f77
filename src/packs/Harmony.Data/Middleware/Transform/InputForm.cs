namespace Harmony.Data.Middleware.Transform;

/// <summary>What a spec is given.</summary>
/// <param name="IsEnvelope">Whether it is <c>{data, context}</c>; if not, it is the body alone.</param>
/// <param name="Reason">Why, in words for people.</param>
internal sealed record InputForm(bool IsEnvelope, string Reason)
{
    private static readonly string[] Members = ["data", "context"];

    /// <summary>What the option says, or what the spec looks like.</summary>
    public static InputForm Of(string option, SpecReads reads)
    {
        if (option != "auto") return new InputForm(option == "envelope", $"input = \"{option}\"");
        var named = Members.Where(reads.Roots.Contains).Select(n => $"'{n}'").ToList();
        return named.Count > 0
            ? new InputForm(true, $"the spec names {string.Join(" and ", named)} at its top")
            : new InputForm(false, "the spec names neither 'data' nor 'context' at its top");
    }

    /// <summary><c>reads {data, context}: …</c></summary>
    public override string ToString() => $"reads {(IsEnvelope ? "{data, context}" : "the body alone")}: {Reason}";
}
