namespace Harmony.JsonSchema.Evaluation;

/// <summary>One thing in a document that the schema does not allow, with the names of JSON Schema's output format (§12).</summary>
/// <param name="InstanceLocation">JSON pointer (RFC 6901) into the document; names of members in it are the sender's.</param>
/// <param name="KeywordLocation">JSON pointer to the keyword, along the references followed.</param>
/// <param name="AbsoluteKeywordLocation">File or URI and pointer of that keyword, without the way there.</param>
/// <param name="Message">What was expected; never holds anything of the document.</param>
internal sealed record Violation(string InstanceLocation, string KeywordLocation, string AbsoluteKeywordLocation, string Message);
