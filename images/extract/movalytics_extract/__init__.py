"""Sources to raw: what Kaggle, FRED, directories and archives offer, landed unchanged in the lake."""
