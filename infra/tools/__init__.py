"""What makes data and documents: sample cases, load data, generators."""
