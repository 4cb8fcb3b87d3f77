namespace Harmony.Gateway.Trying;

/// <summary>
/// What became of a request that was tried. The members of this and the record below are the JSON of <c>harmony try --json</c>: see docs/cli.md.
/// </summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path and query as given.</param>
internal sealed record TrialReport(string Method, string Path)
{
    /// <summary>The network that it was tried on; null where none takes it.</summary>
    public string? Network { get; set; }

    /// <summary>The pipeline that takes it.</summary>
    public string? Pipeline { get; set; }

    /// <summary>What it passed, in order.</summary>
    public List<TrialStep> Steps { get; init; } = [];

    /// <summary>How it ended, in words.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>The status that a client would get; null where that depends on a backend that was not asked.</summary>
    public int? Status { get; set; }

    /// <summary>
    /// The status that a sender by DIMSE would get: <c>A700 out of resources</c>; null for HTTP, and where that depends on a backend that was not asked.
    /// </summary>
    public string? DimseStatus { get; set; }

    /// <summary>The header fields of the response; values that may be secret are masked.</summary>
    public IReadOnlyList<string> Headers { get; set; } = [];

    /// <summary>The body of the response, as text; null where there is none, or it is no text.</summary>
    public string? Body { get; set; }
}

/// <summary>One thing that a request passed.</summary>
/// <param name="Part"><c>endpoint</c>, <c>middleware</c>, <c>backend</c>, or <c>middleware on the way back</c>.</param>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Type">Its service or type.</param>
internal sealed record TrialStep(string Part, string Name, string Type)
{
    /// <summary>What it said: <c>goes on</c>, <c>refuses with 403: …</c>.</summary>
    public string Said { get; set; } = "";

    /// <summary>Lines that it logged, debug ones too. None of a running gateway, whose log has them.</summary>
    public List<string> Log { get; init; } = [];

    /// <summary>What it changed besides the body: <c>+ metadata jwt.sub = ann</c>.</summary>
    public IReadOnlyList<string> Changes { get; set; } = [];

    /// <summary>What it changed in the body, line by line.</summary>
    public IReadOnlyList<string> BodyDiff { get; set; } = [];
}
