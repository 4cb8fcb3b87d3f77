namespace Harmony.Dicom.Web.Requests;

/// <summary>A query that cannot be understood, and would find something else than what is meant.</summary>
/// <param name="message">What is wrong and what was expected; shows no values.</param>
public sealed class SearchQueryException(string message) : Exception(message);
